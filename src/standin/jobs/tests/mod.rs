//! The jobs of xAI as a client on loopback sees them.

mod files;
mod films;
mod fixture;
mod life;
mod refused;
mod tried;
