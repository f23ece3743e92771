internal import GerbangCore
internal import GerbangJSON
internal import GerbangSchema
internal import HTTPTypes

// The checks of what an adapter sends.
extension ConformanceRun {
    /// Checks the messages of an operation; false when there is none to go on with.
    mutating func checkMessage(of scene: Scene, _ adapter: AdapterUnderTest) -> Bool {
        let first: WireRequest
        do throws(GerbangError) {
            first = try adapter.adapter.prepare(scene.call())
        } catch {
            let place = error.field.map { " at \($0)" } ?? ""
            record(
                .messagePrepared,
                scene,
                Difference(
                    scene.isMadeUp ? "a message; give a sample, if the made-up input is wrong" : "a message",
                    "the input is refused\(place): \(error.code.rawValue)"
                )
            )
            return false
        }
        record(.messagePrepared, scene, differenceOfInput(scene))
        let repeated = try? adapter.adapter.prepare(scene.call())
        record(.messagePure, scene, repeated == first ? nil : Difference("the same message", "another one"))
        record(.messageStable, scene, differenceOfAttempts(scene, first, adapter))
        if case .idempotent(let element) = scene.operation.effect {
            record(.messageKey, scene, differenceOfKey(element, scene, first, adapter))
        } else if !scene.isInquiry {
            skip(.messageKey, scene, "the operation declares no key")
        }
        return true
    }

    private func differenceOfInput(_ scene: Scene) -> Difference? {
        guard let service = scene.origin.service.flatMap({ catalogue[$0] }),
            let schema = try? JSONSchema(service.input), let issue = schema.validate(scene.sample.input).first
        else { return nil }
        return Difference("a sample that fits the input of \(service.id)", "\(issue)")
    }

    private func differenceOfAttempts(_ scene: Scene, _ first: WireRequest, _ adapter: AdapterUnderTest) -> Difference?
    {
        guard let second = try? adapter.adapter.prepare(scene.call(attempt: 2)),
            let later = try? adapter.adapter.prepare(scene.call(attempt: 3, later: .seconds(300)))
        else { return Difference("a message for every attempt", "the second or third is refused") }
        if let part = MessageParts.difference(first, second) {
            return Difference("the same message for the second attempt at the same moment", "another \(part)")
        }
        guard first.method == later.method, first.path == later.path else {
            return Difference("the same method and path five minutes later", "others")
        }
        let key = scene.call().key
        guard MessageParts.count(of: key, in: first) == MessageParts.count(of: key, in: later) else {
            return Difference("the request's key in every attempt", "a message without it")
        }
        return nil
    }

    private func differenceOfKey(
        _ element: String,
        _ scene: Scene,
        _ first: WireRequest,
        _ adapter: AdapterUnderTest
    ) -> Difference? {
        let key = scene.call().key
        let values = MessageParts.values(of: element, key: key, in: first)
        guard let value = values.first, !value.isEmpty else {
            return Difference("the key in the element '\(element)'", "no such element in the message")
        }
        for (attempt, later) in [(2, Duration.zero), (3, .seconds(26 * 3600))] {
            let call = scene.call(attempt: attempt, later: later)
            guard let message = try? adapter.adapter.prepare(call),
                MessageParts.values(of: element, key: key, in: message).first == value
            else { return Difference("the same key for attempt \(attempt)", "another one") }
        }
        let other = RequestID(high: 0x0193_a6f0_5b00_7001, low: 0x8000_0000_0000_0002)
        let call = scene.call(requestID: other)
        guard let message = try? adapter.adapter.prepare(call),
            MessageParts.values(of: element, key: call.key, in: message).first != value
        else { return Difference("another key for another request", "the same one") }
        return nil
    }
}

/// Looks into messages without knowing their format.
enum MessageParts {
    /// Which part of two messages differs first.
    static func difference(_ left: WireRequest, _ right: WireRequest) -> String? {
        if left.method != right.method { return "method" }
        if left.path != right.path { return "path" }
        if left.query != right.query { return "query" }
        if left.headerFields != right.headerFields { return "header" }
        return left.body == right.body ? nil : "body"
    }

    /// How often a text stands in a message.
    static func count(of text: String, in message: WireRequest) -> Int {
        let parts =
            message.path + message.query.map(\.value) + message.headerFields.map(\.value)
            + [String(decoding: message.body, as: UTF8.self)]
        return parts.reduce(0) { $0 + $1.split(separator: text, omittingEmptySubsequences: false).count - 1 }
    }

    /// The values of the element called `name`: of a header field, a query parameter, a member of JSON, a field of a
    /// form, an element or attribute of XML, or a segment of the path that is the key.
    static func values(of name: String, key: String, in message: WireRequest) -> [String] {
        var values = message.query.filter { $0.name == name }.map(\.value)
        if let field = HTTPField.Name(name) { values += message.headerFields[values: field] }
        if let json = try? JSONValue(parsing: message.body) {
            values += LeakFinder.leaves(of: json).filter { $0.0.tokens.last == name }.map(\.1)
        } else {
            values += textValues(of: name, in: String(decoding: message.body, as: UTF8.self))
        }
        return values.isEmpty ? message.path.filter { $0 == key } : values
    }

    private static func textValues(of name: String, in text: String) -> [String] {
        if text.hasPrefix("<") {
            return text.split(separator: "<").compactMap { tag in
                guard let end = tag.firstIndex(of: ">") else { return nil }
                let head = tag[..<end]
                let element = head.prefix { !$0.isWhitespace && $0 != "/" }
                if element.split(separator: ":").last == name[...] { return String(tag[tag.index(after: end)...]) }
                guard let attribute = head.split(separator: " ").first(where: { $0.hasPrefix("\(name)=") }) else {
                    return nil
                }
                return String(attribute.dropFirst(name.count + 2).prefix { $0 != "\"" && $0 != "'" })
            }
        }
        if let start = text.split(separator: "name=\"\(name)\"", omittingEmptySubsequences: false).dropFirst().first,
            let value = start.split(separator: "\r\n\r\n", maxSplits: 1).last
        {
            return [String(value.prefix { $0 != "\r\n" })]
        }
        return text.split(separator: "&").filter { $0.hasPrefix("\(name)=") }.map {
            String($0.dropFirst(name.count + 1))
        }
    }
}
