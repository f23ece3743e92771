/// The decompressor of LZString in its form for URIs, in which some agencies answer.
///
/// The text is a stream of 6-bit symbols, highest bit first; numbers in it have their lowest bit first. It works on
/// UTF-16 code units.
enum LZString {
    /// Why a text cannot be decompressed.
    struct Malformed: Error {}

    private static let values: [Int8] = {
        var values = [Int8](repeating: -1, count: 128)
        for (value, byte) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-$".utf8.enumerated() {
            values[Int(byte)] = Int8(value)
        }
        return values
    }()

    /// Decompresses a text; spaces stand for `+`, as forms turn one into the other.
    ///
    /// - Parameter maximum: The most UTF-16 code units to make.
    static func decompress(_ text: [UInt8], maximum: Int) throws(Malformed) -> String {
        var bits = Bits(symbols: text)
        guard let first = try bits.literal(ofKind: try bits.number(2)) else { return "" }
        // The first three numbers are commands.
        var entries: [[UInt16]] = [[], [], [], [first]]
        var output = [first]
        var previous = [first]
        var width = 3
        var room = 4
        while output.count <= maximum {
            var code = try bits.number(width)
            if code == 2 { return String(decoding: output, as: UTF16.self) }
            if code < 2 {
                guard let unit = try bits.literal(ofKind: code) else { throw Malformed() }
                code = entries.count
                entries.append([unit])
                room -= 1
                if room == 0 { (room, width) = (1 << width, width + 1) }
            }
            let entry: [UInt16]
            if code < entries.count {
                entry = entries[code]
            } else if code == entries.count {
                entry = previous + [previous[0]]
            } else {
                throw Malformed()
            }
            output += entry
            entries.append(previous + [entry[0]])
            previous = entry
            room -= 1
            if room == 0 { (room, width) = (1 << width, width + 1) }
        }
        throw Malformed()
    }

    private struct Bits {
        let symbols: [UInt8]
        var position = 0
        var mask: Int8 = 0
        var current: Int8 = 0

        init(symbols: [UInt8]) {
            self.symbols = symbols
        }

        mutating func number(_ width: Int) throws(Malformed) -> Int {
            guard width <= 24 else { throw Malformed() }
            var result = 0
            for bit in 0..<width {
                if mask == 0 {
                    guard position < symbols.count else { throw Malformed() }
                    let byte = symbols[position] == 0x20 ? UInt8(ascii: "+") : symbols[position]
                    guard byte < 128, values[Int(byte)] >= 0 else { throw Malformed() }
                    current = values[Int(byte)]
                    position += 1
                    mask = 32
                }
                // The 65th symbol only pads.
                if current & mask != 0 { result |= 1 << bit }
                mask >>= 1
            }
            return result
        }

        /// A code unit of 8 or 16 bits; `nil` at the end.
        mutating func literal(ofKind kind: Int) throws(Malformed) -> UInt16? {
            switch kind {
            case 0: UInt16(try number(8))
            case 1: UInt16(try number(16))
            case 2: nil
            default: throw Malformed()
            }
        }
    }
}
