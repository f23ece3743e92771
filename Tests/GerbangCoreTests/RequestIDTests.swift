internal import GerbangCore
internal import Testing

@Suite("Request identifiers")
struct RequestIDTests {
    @Test("version, variant and time stand where RFC 9562 has them")
    func layout() {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<2000 {
            let moment = Timestamp(milliseconds: Int64.random(in: 0...0xFFFF_FFFF_FFFF, using: &generator))
            let id = RequestID(at: moment, using: &generator)
            let text = Array(id.description)
            #expect(text.count == 36)
            #expect(text[14] == "7")
            #expect("89ab".contains(text[19]))
            #expect(id.high >> 16 == UInt64(moment.milliseconds))
            #expect(RequestID(id.description) == id)
            #expect(RequestID(id.description.uppercased()) == id)
        }
    }

    @Test("the example of RFC 9562 is written and read to the digit")
    func example() throws {
        let text = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
        let id = try #require(RequestID(text))
        #expect(id.high == 0x017F_22E2_79B0_7CC3)
        #expect(id.low == 0x98C4_DC0C_0C07_398F)
        #expect(id.description == text)
        #expect(Timestamp(milliseconds: Int64(id.high >> 16)) == Timestamp("2022-02-22T19:22:22Z"))
    }

    @Test("later ones sort later, as values and as texts")
    func order() {
        var generator = SplitMix64(seed: 2)
        let moments = (0..<2000).map { Timestamp(milliseconds: 1_769_847_330_000 + $0) }
        let ids = moments.map { RequestID(at: $0, using: &generator) }
        #expect(ids.shuffled(using: &generator).sorted() == ids)
        #expect(ids.map(\.description).sorted() == ids.map(\.description))
        #expect(Set(ids).count == ids.count)
    }

    @Test("two of one millisecond differ")
    func randomness() {
        var generator = SplitMix64(seed: 3)
        let ids = (0..<10_000).map { _ in RequestID(at: Timestamp(milliseconds: 0), using: &generator) }
        #expect(Set(ids).count == ids.count)
    }

    @Test("a time before 1970 counts as 1970", arguments: [-1, Int64.min])
    func beforeEpoch(milliseconds: Int64) {
        var generator = SplitMix64(seed: 4)
        let id = RequestID(at: Timestamp(milliseconds: milliseconds), using: &generator)
        #expect(id.description.hasPrefix("00000000-0000-7"))
    }

    @Test(
        "what is not a UUID is refused",
        arguments: [
            "", "017f22e2", "017f22e279b07cc398c4dc0c0c07398f", "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "017f22e2-79b07-cc3-98c4-dc0c0c07398f",
            "017f22e2_79b0-7cc3-98c4-dc0c0c07398f", " 17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
            "017f22e2-79b0-7cc3-98c4-dc0c0c0739é", "------------------------------------",
            "+17f22e2-79b0-7cc3-98c4-dc0c0c07398f", "0x7f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        ]
    )
    func bad(text: String) {
        #expect(RequestID(text) == nil)
    }

    @Test("a damaged text is refused or stands for exactly what it says")
    func fuzz() throws {
        var generator = SplitMix64(seed: 5)
        let alphabet = Array("0123456789abcdefABCDEF-gz é٣\0")
        for _ in 0..<5000 {
            var text = Array(RequestID(at: Timestamp(milliseconds: 1), using: &generator).description)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                text[Int.random(in: 0..<36, using: &generator)] = try #require(
                    alphabet.randomElement(using: &generator)
                )
            }
            guard let id = RequestID(String(text)) else { continue }
            #expect(id.description == String(text).lowercased())
        }
    }
}
