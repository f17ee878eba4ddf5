//! What may be sent over the connection that there is. Pure.

use super::model::{Connectivity, MeteredPolicy};

/// The connection and what the app allows on each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The connection, as the app last said.
    pub connectivity: Connectivity,
    /// What may use a metered one.
    pub metered: MeteredPolicy,
    /// What may use a roaming one.
    pub roaming: MeteredPolicy,
}

impl Link {
    /// What may be sent now; `None` if the device is offline.
    #[must_use]
    pub fn policy(&self) -> Option<MeteredPolicy> {
        match self.connectivity {
            Connectivity::Offline => None,
            Connectivity::Metered => Some(self.metered),
            Connectivity::Roaming => Some(self.roaming),
            Connectivity::Unmetered => Some(MeteredPolicy::Everything),
        }
    }
}
