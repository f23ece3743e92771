internal import GerbangXML

/// Gives the members of one JSON object their names.
///
/// An element is called by its local name. Where that is taken by an element of another namespace it is called
/// `{namespace}local`, and where the same element is declared again in the same content, `local#2`. The branches of a
/// choice may share names, as only one of them is there.
struct KeyScope {
    private var used: [String: XMLName?] = [:]
    /// What other branches of a choice around use: only the same name may be used again.
    private var siblings: [String: XMLName?] = [:]

    mutating func claim(_ name: XMLName) -> String {
        let long = "{\(name.namespaceURI ?? "")}\(name.localName)"
        for base in [name.localName, long] {
            if let sibling = siblings[base], sibling != name { continue }
            if let other = used[base] {
                guard other == name else { continue }
                return repeated(base, name)
            }
            used[base] = .some(name)
            return base
        }
        return repeated(long, name)
    }

    /// A name for something that is no element: `#any`, `#choice`, `#sequence`.
    mutating func claim(special base: String) -> String {
        var key = base
        var number = 2
        while used[key] != nil {
            key = "\(base)\(number)"
            number += 1
        }
        used[key] = .some(nil)
        return key
    }

    private mutating func repeated(_ base: String, _ name: XMLName) -> String {
        var number = 2
        while used["\(base)#\(number)"] != nil { number += 1 }
        used["\(base)#\(number)"] = .some(name)
        return "\(base)#\(number)"
    }

    /// Names the members of the branches of a choice.
    mutating func branches<Value>(
        _ count: Int,
        _ body: (Int, inout KeyScope) throws(SOAPError) -> Value
    ) throws(SOAPError) -> [Value] {
        var result: [Value] = []
        var all = self
        for index in 0..<count {
            var branch = self
            branch.siblings.merge(all.used) { _, new in new }
            for key in used.keys { branch.siblings[key] = nil }
            result.append(try body(index, &branch))
            all.used.merge(branch.used) { first, _ in first }
        }
        used = all.used
        return result
    }
}
