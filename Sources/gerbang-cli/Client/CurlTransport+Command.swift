internal import GerbangCore
internal import GerbangHTTP

extension CurlTransport {
    /// A transport for a command.
    ///
    /// - Throws: ``CommandError`` with status `unreachable` when the system has no descriptor or thread left.
    static func started() throws(CommandError) -> CurlTransport {
        do throws(WireFailure) {
            return try CurlTransport()
        } catch {
            throw CommandError(.unreachable, "the network cannot be used", details: [error.detail])
        }
    }
}
