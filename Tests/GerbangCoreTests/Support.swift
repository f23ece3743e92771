internal import GerbangCore
internal import Testing

/// A small generator, so that every run of a test makes the same choices.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var result = state
        result = (result ^ (result >> 30)) &* 0xBF58_476D_1CE4_E5B9
        result = (result ^ (result >> 27)) &* 0x94D0_49BB_1331_11EB
        return result ^ (result >> 31)
    }
}

/// Every way in which a value becomes text without being asked for its content.
func renderings(of value: Any) -> [String] {
    var texts = ["\(value)", String(describing: value), String(reflecting: value)]
    var printed = ""
    print(value, to: &printed)
    debugPrint(value, to: &printed)
    dump(value, to: &printed)
    texts.append(printed)
    var mirrors = [Mirror(reflecting: value)]
    while let mirror = mirrors.popLast() {
        for child in mirror.children {
            texts += [child.label ?? "", "\(child.value)", String(reflecting: child.value)]
            mirrors.append(Mirror(reflecting: child.value))
        }
        if let parent = mirror.superclassMirror { mirrors.append(parent) }
    }
    return texts
}

private struct Holder<Value> {
    var name = "holder"
    var value: Value
}

private final class Box<Value> {
    let value: Value
    init(_ value: Value) { self.value = value }
}

private enum Choice<Value> { case one(Value, note: String) }

/// Expects that no rendering of `value`, alone or within other values, has any of `secrets` in it.
func expectHidden<Value: Hashable>(
    _ value: Value,
    secrets: [String],
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let holders: [Any] = [
        value, Optional(value) as Any, [value], [[value]], ["key": value], [value: 1], Set([value]), (1, value),
        Holder(value: value), [Holder(value: value)], Optional(Holder(value: value)) as Any, Box(value),
        Choice.one(value, note: "note"), Result<Value, GerbangError>.success(value), CollectionOfOne(value),
        [value][...], zip([value], [1]), [value].lazy.map(\.self),
    ]
    for holder in holders {
        for text in renderings(of: holder) {
            for secret in secrets where text.contains(secret) {
                Issue.record("shown within \(type(of: holder))", sourceLocation: sourceLocation)
            }
        }
    }
}

/// The error that `body` throws.
func failure(_ body: () throws(GerbangError) -> Void) -> GerbangError? {
    do throws(GerbangError) {
        try body()
        return nil
    } catch {
        return error
    }
}
