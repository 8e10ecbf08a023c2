//! A small provider on loopback, and what observing may and may not do to it.

mod addresses;
mod bodies;
mod bounds;
mod calls;
mod carriers;
mod elsewhere;
mod fixture;
mod goaway;
mod hostile;
mod live;
mod packed;
mod replies;
mod shared;
mod transport;
