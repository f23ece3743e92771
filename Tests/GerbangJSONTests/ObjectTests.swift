internal import GerbangJSON
internal import Testing

@Suite("Objects and values")
struct ObjectTests {
    @Test("members keep their order, and equality ignores it")
    func order() {
        let object: JSONObject = ["z": 1, "a": 2, "z": 3]
        #expect(object.keys == ["z", "a"])
        #expect(object.values == [3, 2])
        let other: JSONObject = ["a": 2, "z": 3]
        #expect(object == other)
        #expect(object.hashValue == other.hashValue)
        #expect(object != ["a": 2, "z": 4])
        #expect(object != ["a": 2, "y": 3])
        #expect(object != ["a": 2])
    }

    @Test("setting, replacing and removing agree with a plain list of pairs", arguments: [3, 16, 17, 40, 200])
    func operations(keys: Int) {
        var random = SplitMix64(seed: UInt64(keys))
        var object = JSONObject()
        var pairs: [(String, JSONValue)] = []
        for step in 0..<2_000 {
            let key = "key \(Int.random(in: 0..<keys, using: &random))"
            let position = pairs.firstIndex { $0.0 == key }
            if Bool.random(using: &random) || (step / 500).isMultiple(of: 2) {
                let value = JSONValue.number(JSONNumber(step))
                object[key] = value
                if let position { pairs[position].1 = value } else { pairs.append((key, value)) }
            } else {
                object[key] = nil
                if let position { pairs.remove(at: position) }
            }
            #expect(object[key] == pairs.first { $0.0 == key }?.1)
            #expect(object.count == pairs.count)
            if step.isMultiple(of: 50) {
                #expect(object.elementsEqual(pairs) { $0.key == $1.0 && $0.value == $1.1 })
                #expect(object == JSONObject(uniqueKeysWithValues: pairs))
            }
        }
    }

    @Test("a hundred thousand keys are parsed, found, written and removed")
    func manyKeys() throws {
        let text = "{" + (0..<100_000).map { "\"key \($0)\":\($0)" }.joined(separator: ",") + "}"
        let value = try JSONValue(parsing: text)
        #expect(value.text() == text)
        var object = try #require(value.objectValue)
        #expect((0..<100_000).allSatisfy { (number: Int) in object["key \(number)"]?.intValue == number })
        for number in 0..<99_990 { object["key \(number)"] = nil }
        #expect(object.keys == (99_990..<100_000).map { "key \($0)" })
    }

    @Test("keys and strings that merely look the same stay apart")
    func normalization() throws {
        let composed = "\u{E9}"
        let decomposed = "e\u{301}"
        let value = try JSONValue(parsing: "{\"\(composed)\":1,\"\(decomposed)\":2}")
        #expect(value[composed] == 1)
        #expect(value[decomposed] == 2)
        #expect(JSONValue.string(composed) != .string(decomposed))
        #expect(JSONPointer(tokens: [composed]) != JSONPointer(tokens: [decomposed]))
    }

    @Test("literals and accessors say what they are")
    func accessors() {
        let value: JSONValue = ["text": "x", "list": [1, nil, true], "none": nil]
        #expect(value["text"]?.stringValue == "x")
        #expect(value["list"]?[0]?.intValue == 1)
        #expect(value["list"]?[1]?.isNull == true)
        #expect(value["list"]?[2]?.boolValue == true)
        #expect(value["list"]?[3] == nil)
        #expect(value["list"]?[-1] == nil)
        #expect(value["none"] == .some(.null))
        #expect(value["absent"] == nil)
        #expect(value["text"]?["x"] == nil)
        #expect(value[0] == nil)
        #expect(value.arrayValue == nil && value.stringValue == nil && value.numberValue == nil && !value.isNull)
        #expect(value["list"]?.arrayValue?.count == 3)
    }

    @Test("setting nil removes a member, setting null keeps it")
    func removal() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = nil
        object["b"] = .some(.null)
        object["c"] = nil
        #expect(object == ["b": nil])
        #expect(!object.isEmpty)
        #expect(JSONObject(object.filter { !$0.value.isNull }).isEmpty)
    }

    @Test("values of different kinds differ")
    func kinds() {
        let values: [JSONValue] = [nil, false, true, 0, 1, "", "0", [], [nil], [:], ["": nil]]
        #expect(Set(values).count == values.count)
    }
}
