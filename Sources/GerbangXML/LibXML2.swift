internal import CLibXML2

/// What the whole process shares of libxml2.
enum LibXML2 {
    /// Initialises libxml2 once, whichever thread comes first, and shuts its only door to the outside.
    ///
    /// The loader is a process-wide setting of libxml2, so it refuses everything for everybody, apart from the files
    /// of the schema that is being built on the asking thread.
    private static let initialized: Void = {
        xmlInitParser()
        // Otherwise done on first use, by whichever thread is first, without a lock.
        xmlSchemaInitTypes()
        unsafe xmlSetExternalEntityLoader { url, _, parser in
            guard let url = unsafe url, let files = SchemaFiles.building else { return nil }
            return unsafe files.open(String(cString: url), for: parser)
        }
    }()

    /// Runs one operation with libxml2 initialised, and with its context-free errors kept off standard error, where
    /// they would show document content.
    static func run<Value, Failure: Error>(_ operation: () throws(Failure) -> Value) throws(Failure) -> Value {
        _ = initialized
        let previous = unsafe cxml_silence()
        defer { unsafe cxml_restore(previous) }
        return try operation()
    }

    /// Swift's copy of a string that libxml2 keeps.
    static func string(_ pointer: UnsafePointer<xmlChar>?) -> String? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe String(cString: pointer)
    }

    /// Swift's copy of a string that libxml2 allocated for us and that is freed here.
    static func string(taking pointer: UnsafeMutablePointer<xmlChar>?) -> String? {
        guard let pointer = unsafe pointer else { return nil }
        defer { unsafe cxml_free(pointer) }
        return unsafe String(cString: pointer)
    }

    /// Compares without making a Swift string.
    static func equal(_ pointer: UnsafePointer<xmlChar>?, _ string: String) -> Bool {
        guard let pointer = unsafe pointer else { return false }
        return unsafe string.withCString { other in
            unsafe other.withMemoryRebound(to: xmlChar.self, capacity: 1) { unsafe xmlStrEqual(pointer, $0) == 1 }
        }
    }

    /// Gives a string to libxml2 for the time of a call.
    static func withCharacters<Value>(_ string: String, _ body: (UnsafePointer<xmlChar>) -> Value) -> Value {
        unsafe string.withCString { text in
            unsafe text.withMemoryRebound(to: xmlChar.self, capacity: 1) { unsafe body($0) }
        }
    }
}
