import Steadfast

/// The client, and what keeps its store open while the app is off the screen.
struct StoreAccess: Sendable {
    let client: SteadfastClient
    let suspension: StorageSuspension
}
