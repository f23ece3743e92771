/// What one evaluation works with: the values of its variables and what it may still spend.
struct Frame {
    /// The variables of the caller; nil where nothing is bound, or where the definition was not needed yet.
    var variables: [CELValue?]
    /// The variables of macros.
    var locals: [CELValue?]
    private(set) var remaining: Int
    let limits: CELLimits

    init(variables: [CELValue?], localCount: Int, limits: CELLimits) {
        self.variables = variables
        locals = localCount == 0 ? [] : [CELValue?](repeating: nil, count: localCount)
        self.limits = limits
        remaining = limits.maximumCost
    }

    /// Pays for work before it is done.
    @inline(__always)
    mutating func charge(_ cost: Int) throws(Failure) {
        remaining &-= cost
        if remaining < 0 { throw .costLimit }
    }

    /// Pays for reading or writing so many bytes.
    @inline(__always)
    mutating func charge(bytes: Int) throws(Failure) {
        try charge(1 &+ bytes / 16)
    }

    /// A list, unless it is larger or deeper than allowed.
    func list(_ elements: [CELValue]) throws(Failure) -> CELValue {
        let list = CELList(elements)
        try limits.check(weight: list.weight, depth: list.depth)
        return .list(list)
    }

    /// A map, unless it is larger or deeper than allowed.
    func map(_ map: CELMap) throws(Failure) -> CELValue {
        try limits.check(weight: map.weight, depth: map.depth)
        return .map(map)
    }

    /// An optional with a value, unless it is deeper than allowed.
    func optional(_ value: CELValue) throws(Failure) -> CELValue { try limits.optional(value) }
}

extension CELLimits {
    /// An optional with a value, unless it is deeper than allowed.
    func optional(_ value: CELValue) throws(Failure) -> CELValue {
        let optional = CELOptional(value)
        try check(weight: value.weight, depth: optional.depth)
        return .optional(optional)
    }

    fileprivate func check(weight: Int, depth: Int) throws(Failure) {
        if weight > maximumSize { throw .tooLarge }
        if depth > maximumDepth { throw .tooDeep }
    }
}
