//! The jobs of xAI as a client on loopback sees them.

mod files;
mod fixture;
mod life;
mod refused;
