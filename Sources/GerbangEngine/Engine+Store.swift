public import GerbangCore
internal import Logging
internal import Synchronization

extension Engine {
    /// Checks that requests would be stored, and tells operators at once when that ends and when it begins again.
    ///
    /// - Throws: ``GerbangError/Code/storageUnavailable`` with the reason why not.
    public func checkStore() async throws(GerbangError) {
        do throws(GerbangError) {
            try await store.check()
        } catch {
            let isNew = isStoreFailing.withLock { isFailing in
                defer { isFailing = true }
                return !isFailing
            }
            if isNew {
                logger.critical(
                    "THE STORE TAKES NO WRITES; nothing is accepted and nothing is sent until it does",
                    metadata: ["code": "\(error.code.rawValue)", "reason": "\(error.message)"]
                )
            }
            throw error
        }
        let isOver = isStoreFailing.withLock { isFailing in
            defer { isFailing = false }
            return isFailing
        }
        if isOver { logger.notice("the store takes writes again") }
    }
}
