//! How names are looked up in a rehearsal: as always, in vain, or without end.

use std::{io, sync::Arc};

use reqwest::dns::{Name, Resolve, Resolving};

/// How the client must look names up, so that no look-up leaves this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// As always: the address needs no look-up.
    Ordinary,
    /// No name has an address.
    NoAddress,
    /// No look-up ever ends, so that connecting runs into its time limit.
    Stalls,
}

impl Resolution {
    /// What the client is built with; nothing for the ordinary way.
    #[must_use]
    pub fn resolver(self) -> Option<Arc<dyn Resolve>> {
        match self {
            Self::Ordinary => None,
            Self::NoAddress => Some(Arc::new(NoAddress)),
            Self::Stalls => Some(Arc::new(Stalls)),
        }
    }
}

struct NoAddress;

impl Resolve for NoAddress {
    fn resolve(&self, name: Name) -> Resolving {
        let error = io::Error::new(io::ErrorKind::NotFound, format!("{} has no address", name.as_str()));
        Box::pin(std::future::ready(Err(error.into())))
    }
}

struct Stalls;

impl Resolve for Stalls {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(std::future::pending())
    }
}
