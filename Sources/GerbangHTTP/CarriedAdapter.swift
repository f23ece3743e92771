public import GerbangCore

/// An adapter whose messages do not go to the agency as they are: something has to be done with them on the way.
public protocol CarriedAdapter: Adapter {
    /// Makes what carries the messages of one connection.
    ///
    /// - Parameters:
    ///   - agency: What carries messages to the connection's agency, with the connection's authentication.
    ///   - plain: What carries messages anywhere else.
    func carrier(to agency: any HTTPTransport, by plain: any HTTPTransport) -> any HTTPTransport
}
