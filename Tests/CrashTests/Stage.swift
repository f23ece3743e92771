internal import Synchronization

/// Where the present daemon is, if there is one, and what its clients shall do most.
final class Stage: Sendable {
    /// What a daemon lives through.
    struct Scene: Sendable {
        /// The URL of its API.
        var url: String
        /// Whether clients shall cancel a lot.
        var isForCancelling: Bool
    }

    private let scene = Mutex<Scene?>(nil)

    var current: Scene? { scene.withLock(\.self) }

    func open(_ url: String, forCancelling: Bool = false) {
        scene.withLock { $0 = Scene(url: url, isForCancelling: forCancelling) }
    }

    func close() {
        scene.withLock { $0 = nil }
    }
}
