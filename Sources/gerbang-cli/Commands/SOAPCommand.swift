internal import ArgumentParser
internal import GerbangSOAP

/// The command `gerbang soap`.
struct SOAPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soap",
        abstract: "Speak to SOAP services by their description: a WSDL goes in, JSON comes out.",
        discussion: """
            Nothing is fetched from the net to read a description: imports lead to files beside it, or to the built-in \
            catalogue of well-known schemas. 'gerbang soap fetch' copies a description into such files.
            """,
        subcommands: [Fetch.self, Describe.self, Sample.self, Call.self, Check.self, Serve.self]
    )
}

/// Which files a description may reach.
struct SOAPFileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder that relative imports may reach; that of the file unless given.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var folder: String?

    /// Loads a description.
    func load(_ file: String) throws(SOAPError) -> WSDL {
        var options = WSDL.Options()
        options.folder = folder
        return try WSDL.load(file: file, options: options)
    }

    /// Loads a description that must be right.
    func loadOrFail(_ file: String) throws(CommandError) -> WSDL {
        do throws(SOAPError) {
            return try load(file)
        } catch {
            throw CommandError(.usage, "the description cannot be used: \(file)", details: [SOAPText.line(error)])
        }
    }
}

/// Which operation of a description is meant.
struct SOAPOperationOptions: ParsableArguments {
    @Argument(help: "The description, a WSDL 1.1 file.", completion: .file(extensions: ["wsdl"]))
    var file: String

    @Argument(help: "The operation's name.")
    var operation: String

    @Option(help: "The port, where several have such an operation; the first unless given.")
    var port: String?

    @Option(help: "The service, where several have such a port.")
    var service: String?

    @OptionGroup var files: SOAPFileOptions

    /// The operation.
    func find() throws(CommandError) -> SOAPOperation {
        let wsdl = try files.loadOrFail(file)
        do throws(SOAPError) {
            return try wsdl.operation(operation, port: port, service: service)
        } catch {
            throw CommandError(.usage, error.message)
        }
    }
}

/// Texts about errors of descriptions and messages.
enum SOAPText {
    /// The error in one line: place and message.
    static func line(_ error: SOAPError) -> String {
        error.place.isEmpty ? error.message : "\(error.place): \(error.message)"
    }

    /// A message of an operation, as the command line calls it.
    static func kind(_ kind: SOAPOperation.MessageKind) -> String {
        switch kind {
        case .input: "input"
        case .output: "output"
        case .fault(let name): "fault \(name)"
        }
    }

    /// Where an operation is offered: service, port and its own name.
    static func path(_ service: String, _ port: String, _ operation: String) -> String {
        [service, port, operation].filter { !$0.isEmpty }.joined(separator: "/")
    }
}
