internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore
internal import GerbangJSON

/// The command `gerbang submit`.
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Submit a request for a service.",
        discussion: """
            Every submission has an idempotency key: however often it is sent with the same key, it is one request. A key \
            that you do not give is made up and written to standard error; give it again when you are not sure that the \
            submission arrived.

            Other users of this machine can read command lines. Give personal data in a file or on standard input \
            (--payload FILE, --payload -, --applicant FILE), not in --set or in JSON on the command line.

            EXAMPLES
              gerbang submit transport.vehicle.lookup --region 31.74 \\
                --set plate='B 1234 XYZ' --wait
              gerbang submit population.identity.verify --region 31.74 \\
                --payload person.json --watch
              gerbang submit population.identity.verify --region 31.74 \\
                --payload person.json --channel counter --officer ani.petugas --counter A-12
              jq .person form.json | gerbang submit population.person.lookup \\
                --region 31.74 --payload - --quiet

            With --wait or --watch the exit code tells how the request ended: 0 succeeded, 1 rejected, failed, expired or \
            cancelled, 6 still open.
            """
    )

    @Argument(help: "The service, such as transport.vehicle.lookup; 'gerbang services' lists them.")
    var service: ServiceID

    @Option(help: ArgumentHelp("Where: a Kemendagri code such as 31.74, or ID for the nation.", valueName: "code"))
    var region: String

    @Option(
        help: ArgumentHelp("The input: a JSON file, - for standard input, or JSON text.", valueName: "file"),
        completion: .file()
    )
    var payload: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Set a string in the input; dots lead into nested objects. May be repeated.",
            valueName: "name=value"
        )
    )
    var assignments: [String] = []

    @Option(
        help: ArgumentHelp(
            "On whose behalf: a JSON file with 'nik' and 'name', or - for standard input.",
            valueName: "file"
        ),
        completion: .file()
    )
    var applicant: String?

    @Option(help: "How the request reached you: online, counter (with --officer) or kiosk.")
    var channel: Channel = .online

    @Option(
        help: ArgumentHelp(
            "The officer who submits it for the applicant: an account or employee number, never a NIK.",
            valueName: "id"
        )
    )
    var officer: String?

    @Option(help: ArgumentHelp("The officer's counter or desk, such as A-12.", valueName: "name"))
    var counter: String?

    @Option(help: ArgumentHelp("Until when it must be done, counted from now, such as 2h or 3d.", valueName: "span"))
    var deadline: Span?

    @Option(
        help: ArgumentHelp(
            "Where the gateway tells of the request's changes; needs a callback secret.",
            valueName: "URL"
        )
    )
    var callback: String?

    @Option(
        help: ArgumentHelp("The key that makes repeating the submission safe. (default: a new one)", valueName: "key")
    )
    var idempotencyKey: String?

    @Option(
        defaultAsFlag: WaitLimit.standard,
        parsing: .next,
        help: ArgumentHelp("Wait for the end, for at most this long.", valueName: "span")
    )
    var wait: WaitLimit?

    @Flag(help: "Write the request's history as it happens, until it ends or --wait is over.")
    var watch = false

    @Flag(help: "Write the agency's answer; it holds personal data.")
    var answer = false

    @Flag(name: .shortAndLong, help: "Write only the request's identifier.")
    var quiet = false

    @OptionGroup var options: ClientOptions

    func validate() throws {
        _ = try wait?.duration()
        try checkOfficer()
        if payload == "-", applicant == "-" {
            throw ValidationError("Only one of --payload and --applicant can come from standard input.")
        }
        if let key = idempotencyKey,
            !(1...255).contains(key.utf8.count) || !key.utf8.allSatisfy({ $0 > 0x1F && $0 < 0x7F })
        {
            throw ValidationError("--idempotency-key must have 1 to 255 ASCII characters.")
        }
    }

    func run() async throws {
        let terminal = Terminal.standard
        let clock = SystemClock()
        let body = try body(now: clock.now())
        let client = try options.client()
        let key = idempotencyKey ?? Self.newKey(at: clock.now())
        if idempotencyKey == nil { terminal.hint("idempotency key: \(key)") }
        let limit = try wait.map { clock.now() + (try $0.duration()) }
        var found: GatewayAPI.Found
        do throws(APIFailure) {
            let first = watch ? nil : limit.map { min($0 - clock.now(), .seconds(30)) }
            found = try await client.submit(body, idempotencyKey: key, waiting: first)
        } catch {
            guard error.mayHaveArrived else { throw error }
            throw CommandError(error).advising(
                "it may have arrived: repeating it with --idempotency-key \(key) is safe"
            )
        }
        if found.isReplay { terminal.hint("this key was used before: this is the request that was submitted then") }
        let id = found.request.id
        if quiet { terminal.print(id.description) }
        if watch {
            try await WatchCommand.follow(
                id,
                client,
                until: limit,
                terminal,
                WatchCommand.Form(json: options.json, answer: answer, isQuiet: quiet)
            )
            return
        }
        if let limit, !found.request.state.isFinal { found = try await client.request(id, until: limit, clock: clock) }
        if options.json, !quiet {
            terminal.print(found.json)
        } else if !quiet {
            terminal.print(terminal.card(showsAnswer: answer).lines(found))
        }
        if wait != nil { try ExitStatus(awaited: found.request.state).throwUnlessDone() }
    }

    /// The body of the submission.
    func body(now: Timestamp) throws -> JSONValue {
        let input = try SubmissionBody.set(assignments, in: SubmissionBody.payload(payload))
        var body: JSONObject = [
            "service": .string(service.text),
            "region": .string(region),
            "channel": .string(channel.rawValue),
        ]
        body["officer"] = try readOfficer()?.json
        if let applicant {
            let bytes = try InputFile.bytes(of: applicant, called: "the applicant")
            body["applicant"] = .object(try SubmissionBody.object(bytes, called: "the applicant"))
        }
        body["deadline"] = deadline.map { .string((now + $0.duration).description) }
        body["callback"] = callback.map { ["url": .string($0)] }
        body["payload"] = .object(input)
        return .object(body)
    }

    /// Says what is missing in the words of the command line, before anything is asked.
    private func checkOfficer() throws {
        switch (channel, officer) {
        case (.counter, nil):
            throw ValidationError("--channel counter needs --officer: who submits it for the applicant.")
        case (.online, _?):
            throw ValidationError("--officer goes with --channel counter or kiosk; online is the applicant's own.")
        default:
            guard officer != nil || counter == nil else { throw ValidationError("--counter goes with --officer.") }
        }
        _ = try readOfficer()
    }

    private func readOfficer() throws -> Officer? {
        guard let officer else { return nil }
        do throws(GerbangError) {
            let counter: String? = if let counter { try Officer.counter(counter) } else { nil }
            return Officer(id: try OfficerID(officer), counter: counter)
        } catch {
            throw ValidationError("--officer or --counter: \(error.message)")
        }
    }

    private static func newKey(at moment: Timestamp) -> String {
        var generator = SystemRandomNumberGenerator()
        return RequestID(at: moment, using: &generator).description
    }
}

extension CommandError {
    /// The error with other advice.
    func advising(_ advice: String) -> CommandError {
        var error = self
        error.advice = advice
        return error
    }
}

extension ExitStatus {
    /// Ends the command with this code unless it is ``done``.
    func throwUnlessDone() throws {
        guard self == .done else { throw ExitCode(rawValue) }
    }
}
