internal import CLibXML2

/// The errors that one operation of libxml2 reports.
@safe
struct ProblemList {
    /// One error; `node` is valid as long as the document is.
    @safe
    struct Problem {
        let code: UInt32
        let line: Int
        let column: Int
        let file: String?
        let message: String
        let node: xmlNodePtr?
    }

    /// First, because libxml2's error callback finds it at the address of the whole.
    private var sink = unsafe cxml_sink()
    private(set) var problems: [Problem] = []
    private let maximum: Int

    private init(maximum: Int) {
        self.maximum = maximum
        unsafe sink.report = { context, problem in
            guard let list = unsafe context?.assumingMemoryBound(to: ProblemList.self), let problem = unsafe problem
            else { return }
            unsafe list.pointee.append(problem.pointee)
        }
    }

    /// Runs an operation that reports into the sink it is given.
    ///
    /// - Returns: The operation's result and its errors, warnings left out, at most `maximum` of them.
    static func collect<Value>(
        maximum: Int = 100,
        _ operation: (UnsafeMutablePointer<cxml_sink>) -> Value
    ) -> (Value, [Problem]) {
        var list = ProblemList(maximum: maximum)
        let value = unsafe withUnsafeMutablePointer(to: &list) { list in
            let address = UnsafeMutableRawPointer(list)
            unsafe list.pointee.sink.context = unsafe address
            return unsafe operation(address.assumingMemoryBound(to: cxml_sink.self))
        }
        return (value, list.problems)
    }

    private mutating func append(_ reported: cxml_problem) {
        guard problems.count < maximum, unsafe reported.level >= Int32(XML_ERR_ERROR.rawValue) else { return }
        let message = unsafe reported.message.map { unsafe String(cString: $0) } ?? ""
        problems.append(
            unsafe Problem(
                code: UInt32(bitPattern: reported.code),
                line: Int(reported.line),
                column: Int(reported.column),
                file: reported.file.map { unsafe String(cString: $0) },
                message: String(XMLCharacters.trim(message)),
                node: reported.node
            )
        )
    }
}
