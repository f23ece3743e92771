internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore
internal import GerbangTesting
internal import Glibc

/// Shows in a minute what the gateway promises.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run the gateway against four simulated agencies and show that nothing is lost or done twice.",
        discussion: """
            Starts a simulated civil registry, transport agency, licensing system and health platform, and a gateway \
            with a fresh database in a temporary folder, all on 127.0.0.1. Two agencies have adapters in Swift, two have \
            manifests in the place of theirs. Then it submits requests while agencies go \
            down, a reply gets lost, tokens expire and the gateway is killed, prints each request's history as it \
            happens, and ends with the agencies' own ledgers. Exit code 0 means that every request succeeded and \
            everything was done exactly once.
            """
    )

    @Flag(name: .long, help: "Leave everything running afterwards, until Ctrl-C.")
    var keep = false

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let stage = DemoStage()
        do {
            let world = try await DemoWorld.make()
            defer { world.tearDown() }
            let passed = try await DemoPlay(world: world, stage: stage).perform()
            if keep, passed { await stay(world, stage) }
            guard passed else { throw ExitCode(1) }
        } catch let error as CommandError {
            throw stage.failure(error.title)
        } catch let error as APIFailure {
            throw stage.failure(CommandError(error).title)
        } catch let error as DaemonProcess.StartError {
            throw stage.failure("\(error)")
        } catch let error as GerbangError {
            throw stage.failure(error.message)
        }
    }

    private func stay(_ world: DemoWorld, _ stage: DemoStage) async {
        stage.heading("Still running; stop with Ctrl-C")
        stage.say("export GERBANG_URL=\(world.daemon.url)")
        stage.say("export GERBANG_KEY=\(world.key)")
        stage.say("gerbang list")
        signal(SIGINT, SIG_IGN)
        let interrupted = DispatchSignal.interrupt()
        for await _ in interrupted { return }
    }
}
