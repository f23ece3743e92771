internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore
internal import GerbangHTTP

/// Which gateway a command speaks to, as whom, and how its answer is written.
struct ClientOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The gateway. (default: GERBANG_URL, or http://127.0.0.1:8080)", valueName: "url")
    )
    var url: String?

    @Option(
        help: ArgumentHelp(
            "A file with the API key. (default: GERBANG_KEY)",
            discussion: """
                There is no option that takes the key itself: other users of the machine can read command lines. A gateway \
                on this machine that has no keys yet needs none.
                """,
            valueName: "file"
        ),
        completion: .file()
    )
    var keyFile: String?

    @Option(
        help: ArgumentHelp("The only certificate authorities to trust for https, in PEM.", valueName: "file"),
        completion: .file()
    )
    var caFile: String?

    @Option(help: "The language of texts for citizens. (default: by LANG)")
    var language: Language?

    @Flag(help: "Write the gateway's JSON as it is; it may hold personal data.")
    var json = false

    /// The client for these options.
    ///
    /// - Throws: ``CommandError`` with status `usage` when an option cannot be used.
    func client() throws(CommandError) -> GatewayAPI {
        let base = try baseURL()
        let key = try self.key()
        let isLocal = ["127.0.0.1", "localhost", "[::1]"].contains(base.host)
        if key != nil, base.scheme == "http", !isLocal {
            Terminal.standard.hint("warning: the key travels unencrypted to \(base.host); use https where you can")
        }
        let transport = try CurlTransport.started()
        return GatewayAPI(
            base: base,
            key: key,
            language: language ?? Self.language(of: Environment.value("LC_ALL") ?? Environment.value("LANG")),
            profile: TransportProfile(certificateAuthorities: caFile.map { .file($0) }, userAgent: "gerbang-cli"),
            transport: transport
        )
    }

    private func baseURL() throws(CommandError) -> BaseURL {
        let text = url ?? Environment.value("GERBANG_URL") ?? "http://127.0.0.1:8080"
        do throws(GerbangError) {
            return try BaseURL(text)
        } catch {
            throw CommandError(
                .usage,
                "--url or GERBANG_URL is \(error.message)",
                advice: "write it as https://host:8080"
            )
        }
    }

    private func key() throws(CommandError) -> String? {
        if let keyFile {
            return try Self.checked(InputFile.text(of: keyFile, called: "the key file"), "the key file")
        }
        guard let key = Environment.value("GERBANG_KEY") else { return nil }
        return try Self.checked(key, "GERBANG_KEY")
    }

    private static func checked(_ text: String, _ source: String) throws(CommandError) -> String {
        let key = text.split(whereSeparator: \.isWhitespace)
        guard key.count == 1, key[0].utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw CommandError(
                .usage,
                "\(source) does not hold a key",
                advice: "it must hold the one line that 'gerbang keys create' wrote"
            )
        }
        return String(key[0])
    }

    /// The language of a locale such as `id_ID.UTF-8`.
    static func language(of locale: String?) -> Language {
        (locale ?? "").lowercased().hasPrefix("id") ? .indonesian : .english
    }
}
