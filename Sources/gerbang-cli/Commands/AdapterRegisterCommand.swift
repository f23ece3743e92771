internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import GerbangRemote
internal import HTTPTypes

/// The command `gerbang adapters register`.
struct AdapterRegisterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: "Send an adapter to a gateway, for an operator to approve.",
        discussion: """
            The file is a manifest (adapter.yaml), which is sent with the files beside it that it names, or the description \
            of a remote adapter (adapter.json). It is checked whole; the same file again changes nothing, and another one needs another version. An API key is not needed: \
            the adapter's key proves who sends it.
            """
    )

    @Argument(help: "The file.", completion: .file())
    var file: String

    @Option(
        help: ArgumentHelp("The adapter's key, as 'gerbang adapters key create' wrote it.", valueName: "file"),
        completion: .file()
    )
    var key: String

    @Option(
        help: ArgumentHelp("What the conformance tests said, in JSON; operators see it.", valueName: "file"),
        completion: .file()
    )
    var report: String?

    @OptionGroup var options: ClientOptions

    func run() async throws {
        var content = try InputFile.text(of: file, called: "the adapter's file")
        let key = try Self.key(key)
        let isRemote = (try? JSONValue(parsing: content))?["remote"] != nil
        if !isRemote, file != "-" {
            do throws(ManifestError) {
                content = try Manifest.packed(path: file)
            } catch {
                throw CommandError(.refused, "the manifest cannot be used", details: error.issues.map(\.description))
            }
        }
        var body: JSONObject = ["kind": isRemote ? "remote" : "manifest", "content": .string(content)]
        if let report {
            guard let json = try? JSONValue(parsing: InputFile.bytes(of: report, called: "the report")) else {
                throw CommandError(
                    .usage,
                    "the report is not JSON",
                    advice: "write it with 'gerbang adapter test --json'"
                )
            }
            body["report"] = json
        }
        let json = JSONValue.object(body)
        let proof = try Self.proof(of: json, by: key)
        let answer = try await options.client().post(
            ["adapters"],
            json,
            fields: [.authorization: proof.authorization],
            isRepeatable: false
        )
        let terminal = Terminal.standard
        guard !options.json else { return terminal.print(answer.json) }
        let version = Printable.line(answer.json["version"]?.stringValue ?? "")
        let state = Printable.line(answer.json["state"]?.stringValue ?? "")
        terminal.print(
            "version \(version) is \(state), SHA-256 \(Printable.line(answer.json["hash"]?.stringValue ?? ""))"
        )
        for warning in answer.json["warnings"]?.arrayValue ?? [] {
            terminal.hint(Printable.line(warning.stringValue ?? ""))
        }
        if state == "waiting" { terminal.hint("an operator decides with 'gerbang adapters diff' and 'approve'") }
    }

    private static func proof(of json: JSONValue, by key: AgencyKey) throws(CommandError) -> MessageProof {
        do throws(GerbangError) {
            return try key.sign(
                method: "POST",
                path: "/v1/adapters",
                body: json.encoded(),
                at: SystemClock().now(),
                nonce: Nonce.make()
            )
        } catch {
            throw CommandError(.usage, error.message)
        }
    }

    private static func key(_ path: String) throws(CommandError) -> AgencyKey {
        guard let key = AgencyKey(text: try InputFile.text(of: path, called: "the key")) else {
            throw CommandError(
                .usage,
                "the file does not hold an adapter's key",
                advice: "it must hold the one line that 'gerbang adapters key create' wrote"
            )
        }
        return key
    }
}
