/// A value that must not be seen by accident: printing, interpolating, dumping or logging it shows only a mask.
public struct Sensitive<Value: Sendable & Hashable>: Sendable, Hashable, CustomStringConvertible,
    CustomDebugStringConvertible, CustomReflectable
{
    /// The value itself. Use it only to build a message to an agency or a client.
    public let revealed: Value

    /// Wraps a value.
    public init(_ value: Value) {
        revealed = value
    }

    /// Always `[redacted]`.
    public var description: String { "[redacted]" }
    /// Always `[redacted]`.
    public var debugDescription: String { description }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
