/// A list of values.
public struct CELList: Sendable {
    /// The elements, in order.
    public let elements: [CELValue]
    private let size: UInt32
    private let levels: UInt32

    /// Takes the elements.
    public init(_ elements: [CELValue]) {
        self.elements = elements
        var weight = 1
        var depth = 0
        for element in elements {
            weight += element.weight
            depth = max(depth, element.depth)
        }
        size = UInt32(clamping: weight)
        levels = UInt32(clamping: depth + 1)
    }

    /// See ``CELValue/weight``.
    var weight: Int { Int(size) }
    /// See ``CELValue/depth``.
    var depth: Int { Int(levels) }
}

/// A value that may be absent.
public struct CELOptional: Sendable {
    private final class Box: Sendable {
        let value: CELValue
        let depth: Int

        init(_ value: CELValue) {
            self.value = value
            depth = value.depth + 1
        }
    }

    private let box: Box?

    /// The optional without a value.
    public static let none = CELOptional(box: nil)

    private init(box: Box?) {
        self.box = box
    }

    /// The optional with a value.
    public init(_ value: CELValue) {
        box = Box(value)
    }

    /// The value, if there is one.
    public var value: CELValue? { box?.value }

    /// See ``CELValue/depth``.
    var depth: Int { box?.depth ?? 1 }
    /// See ``CELValue/weight``.
    var weight: Int { 1 + (box?.value.weight ?? 0) }
}
