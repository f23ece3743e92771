internal import CValijson
internal import GerbangJSON

/// Makes a table of every subschema that can be reached from a schema.
///
/// Subschemas wait in a queue, so that neither deep nor cyclic schemas recurse.
struct SchemaCompiler: ~Copyable {
    /// How many subschemas a schema may have.
    private static let subschemaLimit = 20_000

    private var documents: SchemaDocuments
    /// The number of each subschema; a reference has that of what it leads to.
    private var numbers: [SchemaLocation: Int] = [:]
    /// The subschemas by number; those from the index of the table's end on still wait.
    private var locations: [SchemaLocation] = []
    private var sources: [JSONValue] = []
    /// Which subschemas each one applies to the same value.
    private var appliedInPlace: [[Int]] = []

    init(documents: SchemaDocuments) {
        self.documents = documents
    }

    mutating func compile() throws(SchemaError) -> CompiledSchema {
        let root = SchemaLocation(document: 0, pointer: .root)
        guard let table = SchemaTable() else {
            throw documents.error(.outOfResources, "there is no memory for the schema", at: root)
        }
        let number = try number(of: root)
        var next = 0
        while next < locations.count {
            appliedInPlace.append([])
            try append(locations[next], sources[next], to: table)
            next += 1
        }
        try refuseEndlessReferences()
        return CompiledSchema(table: table, root: number, sources: sources)
    }

    /// The number of the subschema at a location, or of the one that its references lead to.
    private mutating func number(of start: SchemaLocation) throws(SchemaError) -> Int {
        var location = start
        var passed: Set<SchemaLocation> = []
        while let reference = documents[location]?["$ref"]?.stringValue {
            guard passed.insert(location).inserted else {
                throw documents.error(.endlessReference, "the reference only leads back to itself", at: start)
            }
            location = try documents.resolve(reference, from: location)
        }
        if let number = numbers[location] { return number }
        guard locations.count < SchemaCompiler.subschemaLimit else {
            let message = "there are more than the \(SchemaCompiler.subschemaLimit) subschemas allowed"
            throw documents.error(.tooLarge, message, at: location)
        }
        numbers[location] = locations.count
        locations.append(location)
        sources.append(documents[location] ?? .bool(true))
        return locations.count - 1
    }

    /// Appends one subschema with links in place of its own, and adds the rules that go beside it.
    private mutating func append(
        _ location: SchemaLocation,
        _ schema: JSONValue,
        to table: borrowing SchemaTable
    ) throws(SchemaError) {
        guard let keywords = schema.objectValue else {
            try require(table.append(schema), "must be a schema", at: location)
            return
        }
        var lowered = JSONObject()
        for keyword in ["type", "uniqueItems", "required"] {
            if let value = keywords[keyword] { lowered[keyword] = value }
        }
        for keyword in SchemaKeywords.counts {
            guard let value = keywords[keyword] else { continue }
            // A count beyond 64 bits is out of reach for any value, just like the largest.
            lowered[keyword] = .number(JSONNumber(value.intValue ?? .max))
        }
        try lowerInPlace(keywords, at: location, into: &lowered)
        try lowerInside(keywords, at: location, into: &lowered)
        try lowerNamed(keywords, at: location, into: &lowered, table: table)
        try refuseNUL(in: lowered, at: location)
        try require(table.append(.object(lowered)), "is a combination of keywords that is not supported", at: location)
        try addRules(keywords, at: location, to: table)
    }

    private mutating func lowerInPlace(
        _ keywords: JSONObject,
        at location: SchemaLocation,
        into lowered: inout JSONObject
    ) throws(SchemaError) {
        for keyword in SchemaKeywords.inPlace where keywords[keyword] != nil {
            // Without an if, its branches mean nothing.
            if keyword == "then" || keyword == "else", keywords["if"] == nil { continue }
            lowered[keyword] = try link(location.appending(keyword), inPlaceFrom: location)
        }
        for keyword in SchemaKeywords.inPlaceLists {
            guard let list = keywords[keyword]?.arrayValue else { continue }
            var links: [JSONValue] = []
            for index in list.indices {
                links.append(try link(location.appending(keyword, String(index)), inPlaceFrom: location))
            }
            lowered[keyword] = .array(links)
        }
    }

    private mutating func lowerInside(
        _ keywords: JSONObject,
        at location: SchemaLocation,
        into lowered: inout JSONObject
    ) throws(SchemaError) {
        for keyword in SchemaKeywords.inside {
            switch keywords[keyword] {
            case .array(let list):
                var links: [JSONValue] = []
                for index in list.indices { links.append(try link(location.appending(keyword, String(index)))) }
                lowered[keyword] = .array(links)
            case .bool(let value) where keyword.hasPrefix("additional"):
                lowered[keyword] = .bool(value)
            case .some where keyword != "additionalItems" || keywords["items"]?.arrayValue != nil:
                lowered[keyword] = try link(location.appending(keyword))
            default:
                break
            }
        }
    }

    private mutating func lowerNamed(
        _ keywords: JSONObject,
        at location: SchemaLocation,
        into lowered: inout JSONObject,
        table: borrowing SchemaTable
    ) throws(SchemaError) {
        if let properties = keywords["properties"]?.objectValue {
            var links = JSONObject()
            for name in properties.keys { links[name] = try link(location.appending("properties", name)) }
            lowered["properties"] = .object(links)
        }
        if let patterns = keywords["patternProperties"]?.objectValue {
            var links = JSONObject()
            for pattern in patterns.keys {
                let place = location.appending("patternProperties", pattern)
                var number: UInt32 = 0
                let translated = try translate(pattern, at: place)
                try requirePattern(table.addKeyPattern(translated, number: &number), at: place)
                links[String(number)] = try link(place)
            }
            lowered["patternProperties"] = .object(links)
        }
        if let dependencies = keywords["dependencies"]?.objectValue {
            var links = JSONObject()
            for (name, value) in dependencies {
                let place = location.appending("dependencies", name)
                links[name] = value.arrayValue == nil ? try link(place, inPlaceFrom: location) : value
            }
            lowered["dependencies"] = .object(links)
        }
    }

    private func addRules(
        _ keywords: JSONObject,
        at location: SchemaLocation,
        to table: borrowing SchemaTable
    ) throws(SchemaError) {
        for keyword in SchemaKeywords.numbers {
            guard let number = keywords[keyword]?.numberValue else { continue }
            guard table.addNumber(number, keyword: keyword) == GERBANG_SCHEMA_DONE else {
                let message = "this must have at most 18 significant digits"
                throw documents.error(.tooLarge, message, at: location.appending(keyword))
            }
        }
        if let values = keywords["enum"]?.arrayValue {
            try require(table.addValues(values, keyword: "enum"), "is too large", at: location.appending("enum"))
        }
        if let value = keywords["const"] {
            try require(table.addValues([value], keyword: "const"), "is too large", at: location.appending("const"))
        }
        if let pattern = keywords["pattern"]?.stringValue {
            let place = location.appending("pattern")
            try requirePattern(table.addPattern(translate(pattern, at: place)), at: place)
        }
        if let format = keywords["format"]?.stringValue {
            try require(table.addFormat(format), "is not a format", at: location.appending("format"))
        }
    }

    private mutating func link(
        _ location: SchemaLocation,
        inPlaceFrom owner: SchemaLocation? = nil
    ) throws(SchemaError) -> JSONValue {
        let target = try number(of: location)
        if let owner, let number = numbers[owner] { appliedInPlace[number].append(target) }
        return .object(["gerbang": .number(JSONNumber(target))])
    }

    private func translate(_ pattern: String, at location: SchemaLocation) throws(SchemaError) -> ECMAPattern {
        do {
            return try ECMAPattern(pattern)
        } catch {
            throw documents.error(.unsupportedPattern, "the pattern \(error.message)", at: location)
        }
    }

    private func requirePattern(_ status: gerbang_schema_status, at location: SchemaLocation) throws(SchemaError) {
        guard status != GERBANG_SCHEMA_DONE else { return }
        let message =
            "the pattern is not a regular expression of ECMA-262, or is too large (a count may be 1000 at most)"
        throw documents.error(.unsupportedPattern, message, at: location)
    }

    private func require(
        _ status: gerbang_schema_status,
        _ message: String,
        at location: SchemaLocation
    ) throws(SchemaError) {
        guard status != GERBANG_SCHEMA_DONE else { return }
        let code: SchemaError.Code = status == GERBANG_SCHEMA_REFUSED ? .illFormed : .outOfResources
        throw documents.error(code, "this \(message)", at: location)
    }

    /// Refuses names that valijson would cut short.
    private func refuseNUL(in lowered: JSONObject, at location: SchemaLocation) throws(SchemaError) {
        var names = lowered["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
        names += lowered["properties"]?.objectValue?.keys ?? []
        for (name, needed) in lowered["dependencies"]?.objectValue ?? [:] {
            names.append(name)
            names += needed.arrayValue?.compactMap(\.stringValue) ?? []
        }
        guard names.allSatisfy({ !$0.utf8.contains(0) }) else {
            throw documents.error(.illFormed, "the name of a field must not hold a NUL character", at: location)
        }
    }

    /// Refuses a schema that applies itself to the same value again, and so would never come to an end.
    private func refuseEndlessReferences() throws(SchemaError) {
        var isFinished = Array(repeating: false, count: locations.count)
        var isOpen = isFinished
        for start in locations.indices where !isFinished[start] {
            var path = [(number: start, next: 0)]
            isOpen[start] = true
            while let (number, next) = path.last {
                guard next < appliedInPlace[number].count else {
                    isOpen[number] = false
                    isFinished[number] = true
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let applied = appliedInPlace[number][next]
                guard !isOpen[applied] else {
                    let message = "this applies itself to the same value again, without end"
                    throw documents.error(.endlessReference, message, at: locations[applied])
                }
                guard !isFinished[applied] else { continue }
                isOpen[applied] = true
                path.append((applied, 0))
            }
        }
    }
}

extension SchemaLocation {
    /// The location some steps further in.
    fileprivate func appending(_ tokens: String...) -> SchemaLocation {
        SchemaLocation(document: document, pointer: JSONPointer(tokens: pointer.tokens + tokens))
    }
}
