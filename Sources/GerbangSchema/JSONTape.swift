internal import CValijson
internal import GerbangJSON

/// A JSON value laid flat, as the C side reads it: no text to parse again, no digit lost.
struct JSONTape {
    private(set) var nodes: [gerbang_json_node] = []
    private var text: [UInt8] = []

    /// Nil if the value is deeper than JSON texts can be, or longer than offsets can count.
    init?(_ value: JSONValue) {
        nodes.reserveCapacity(32)
        text.reserveCapacity(512)
        guard append(value, key: nil, depth: 0), text.count <= Int(UInt32.max), nodes.count <= Int(UInt32.max) else {
            return nil
        }
    }

    /// Gives the tape as the C side takes it, for as long as the body runs.
    func withTape<Result>(_ body: (gerbang_json_tape) -> Result) -> Result {
        nodes.withUnsafeBufferPointer { nodes in
            text.withUnsafeBytes { text in
                body(
                    gerbang_json_tape(
                        nodes: nodes.baseAddress,
                        text: text.baseAddress?.assumingMemoryBound(to: CChar.self)
                    )
                )
            }
        }
    }

    /// The way from the whole value to the one with this index.
    func pointer(to target: Int) -> JSONPointer {
        var pointer = JSONPointer.root
        var position = 0
        while position != target {
            let parent = nodes[position]
            var child = position + 1
            var index = 0
            while Int(nodes[child].end) <= target {
                child = Int(nodes[child].end)
                index += 1
            }
            if Int(parent.kind) == GERBANG_JSON_OBJECT {
                let start = Int(nodes[child].key_offset)
                let key = text[start..<start + Int(nodes[child].key_length)]
                pointer = pointer.appending(String(decoding: key, as: UTF8.self))
            } else {
                pointer = pointer.appending(index)
            }
            position = child
        }
        return pointer
    }

    private mutating func append(_ value: JSONValue, key: String?, depth: Int) -> Bool {
        guard depth <= JSONLimits.deepest else { return false }
        var node = gerbang_json_node()
        if let key { (node.key_offset, node.key_length) = append(key) }
        let index = nodes.count
        switch value {
        case .null:
            node.kind = UInt8(GERBANG_JSON_NULL)
        case .bool(let value):
            node.kind = UInt8(value ? GERBANG_JSON_TRUE : GERBANG_JSON_FALSE)
        case .number(let value):
            node.kind = UInt8(GERBANG_JSON_NUMBER)
            (node.text_offset, node.text_length) = append(value.text)
        case .string(let value):
            node.kind = UInt8(GERBANG_JSON_STRING)
            (node.text_offset, node.text_length) = append(value)
        case .array(let elements):
            node.kind = UInt8(GERBANG_JSON_ARRAY)
            node.text_length = UInt32(truncatingIfNeeded: elements.count)
            nodes.append(node)
            for element in elements {
                guard append(element, key: nil, depth: depth + 1) else { return false }
            }
            nodes[index].end = UInt32(truncatingIfNeeded: nodes.count)
            return true
        case .object(let members):
            node.kind = UInt8(GERBANG_JSON_OBJECT)
            node.text_length = UInt32(truncatingIfNeeded: members.count)
            nodes.append(node)
            for (key, value) in members {
                guard append(value, key: key, depth: depth + 1) else { return false }
            }
            nodes[index].end = UInt32(truncatingIfNeeded: nodes.count)
            return true
        }
        node.end = UInt32(truncatingIfNeeded: index + 1)
        nodes.append(node)
        return true
    }

    private mutating func append(_ string: String) -> (offset: UInt32, length: UInt32) {
        let offset = text.count
        text.append(contentsOf: string.utf8)
        return (UInt32(truncatingIfNeeded: offset), UInt32(truncatingIfNeeded: text.count - offset))
    }
}
