internal import DukcapilSimulator
internal import Gerbang
internal import GerbangTesting
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import Testing

@testable internal import MPPBackend

@Suite("The example of an MPP backend")
struct MPPBackendTests {
    private static let siti = ["nik": "3174015708900003", "nama": "SITI CONTOH"]

    @Test("A form that is sent twice is one request, with one effect")
    func twice() async throws {
        try await withSite { browser, gateway, registry in
            let form = try await browser.get("/")
            #expect(form.status == 200 && form.text.contains("<html lang=\"id\">"))
            #expect(form.fields[.cacheControl] == "no-store")
            let filled = Self.siti.merging(["kunci": try form.hidden("kunci")]) { $1 }
            async let click = browser.post("/permohonan", filled)
            async let clickAgain = browser.post("/permohonan", filled)
            let pages = try await [click, clickAgain]
            let place = try #require(pages[0].location)
            #expect(pages.map(\.status) == [303, 303] && pages.map(\.location) == [place, place])
            let result = try await browser.getFinal(place)
            #expect(result.text.contains("NIK dan nama sesuai dengan data kependudukan."))
            #expect(registry.ledger.entries.count == 1)
            #expect(try await gateway.engine.list(RequestFilter()).count == 1)
        }
    }

    @Test("While the registry is away the citizen is told where the request is, and can cancel it")
    func whereItIs() async throws {
        try await withSite { browser, _, registry in
            registry.refuse()
            let form = try await browser.get("/")
            let sent = try await browser.post(
                "/permohonan",
                Self.siti.merging(["kunci": try form.hidden("kunci")]) { $1 }
            )
            let place = try #require(sent.location)
            let page = try await browser.get(place)
            #expect(page.status == 200 && page.text.contains("http-equiv=\"refresh\""))
            #expect(page.text.contains("Sekarang di tangan"))
            #expect(!page.text.contains("SITI") && !page.text.contains("3174015708900003"))
            // The call under way ends at once, since nobody listens; then it waits for the next.
            for _ in 0..<15_000 {
                guard try await browser.get(place).text.contains("refresh") else { break }
                #expect(try await browser.post("\(place)/batal").status == 303)
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(try await browser.get(place).text.contains("<h1>Hasil pemeriksaan</h1>"))
            #expect(registry.ledger.entries.isEmpty)
        }
    }

    @Test("What is typed wrong is told at the field, and shown again without becoming part of the page")
    func mistakes() async throws {
        try await withSite { browser, gateway, _ in
            let form = try await browser.get("/")
            let key = try form.hidden("kunci")
            let hostile = "\"><script>alert('x')</script>&"
            let page = try await browser.post(
                "/permohonan",
                ["nik": "3174015713900003", "nama": hostile, "kunci": key]
            )
            #expect(page.status == 422 && page.text.contains("role=\"alert\""))
            #expect(page.text.contains("NIK tidak benar") && page.text.contains("aria-invalid=\"true\""))
            #expect(!page.text.contains("<script>"))
            #expect(page.text.contains("value=\"&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;\""))
            let kept = try page.hidden("kunci")
            #expect(kept == key)

            _ = try await browser.post("/permohonan", Self.siti.merging(["kunci": key]) { $1 })
            let other = try await browser.post(
                "/permohonan",
                ["nik": "3174011708900003", "nama": "BUDI CONTOH", "kunci": key]
            )
            #expect(other.status == 422)
            let renewed = try other.hidden("kunci")
            #expect(renewed != key)
            #expect(try await gateway.engine.list(RequestFilter()).count == 1)
        }
    }

    @Test("A form that another site sends is refused, and what is not there is said not to be")
    func strangers() async throws {
        try await withSite { browser, gateway, _ in
            let form = Self.siti.merging(["kunci": "attack"]) { $1 }
            let forged = try await browser.post("/permohonan", form, origin: "https://attack.example")
            #expect(forged.status == 403)
            #expect(try await browser.post("/permohonan", form, origin: "null").status == 403)
            #expect(try await gateway.engine.list(RequestFilter()).count == 0)
            #expect(try await browser.get("/permohonan/01a2015b-6115-745e-8213-854da161bfe0").status == 404)
            #expect(try await browser.get("/permohonan/%3Cscript%3E").status == 404)
            #expect(try await browser.get("/gaya.css").status == 200)
        }
    }

    @Test("The program runs, is killed while a request is under way, and goes on after its restart")
    func killed() async throws {
        let folder = try TemporaryFolder()
        let registry = try DukcapilSimulator()
        defer { registry.stop() }
        try folder.write(
            """
            storage: {path: \(folder.path("mpp.db"))}
            connections:
              - id: dukcapil
                adapter: dukcapil
                baseURL: \(registry.baseURL)
                settings: {institution: MPP-JAKSEL, userId: DEMO, password: rahasia, clientAddress: 10.1.2.3}
                retry: {delays: [100ms], ceiling: 100ms}
                breaker: {open: 100ms, maximumOpen: 100ms}

            """,
            to: "gerbang.yaml"
        )
        func start() throws -> DaemonProcess {
            try DaemonProcess(
                executable: try Example.executable("MPPBackend"),
                arguments: ["--config", folder.path("gerbang.yaml"), "--port", "0"]
            )
        }

        registry.refuse()
        var program = try start()
        var browser = try Browser(program.url)
        let key = try await browser.get("/").hidden("kunci")
        let filled = Self.siti.merging(["kunci": key]) { $1 }
        let place = try #require(try await browser.post("/permohonan", filled).location)
        program.kill()
        program.waitForExit()
        try registry.accept()

        program = try start()
        browser = try Browser(program.url)
        #expect(try await browser.getFinal(place).text.contains("NIK dan nama sesuai"))
        #expect(try await browser.post("/permohonan", filled).location == place)
        #expect(registry.ledger.entries.count == 1)
        #expect(program.stop() == 0)
    }

    @Test("With --simulate it needs nothing else")
    func simulate() async throws {
        let folder = try TemporaryFolder()
        let program = try DaemonProcess(
            executable: try Example.executable("MPPBackend"),
            arguments: ["--simulate", "--port", "0", "--database", folder.path("mpp.db")]
        )
        let browser = try Browser(program.url)
        let key = try await browser.get("/").hidden("kunci")
        let sent = try await browser.post("/permohonan", Self.siti.merging(["kunci": key]) { $1 })
        #expect(try await browser.getFinal(try #require(sent.location)).text.contains("NIK dan nama sesuai"))
        #expect(program.stop() == 0)
    }

    /// Runs the site on a port of its own, with a gateway in this process and a simulated registry behind it.
    private func withSite(
        _ body: @Sendable (Browser, Gateway, DukcapilSimulator) async throws -> Void
    ) async throws {
        let registry = try DukcapilSimulator()
        defer { registry.stop() }
        let gateway = try Gateway(MPPBackend.simulated(registry), storage: .memory)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        var silent = Logger(label: "example")
        silent.logLevel = .critical
        let app = Application(
            router: Site(gateway: gateway).router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            services: [gateway],
            onServerRunning: { listening.yield($0.localAddress?.port ?? 0) },
            logger: silent
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { listening.finish() }
                try await app.runService(gracefulShutdownSignals: [])
            }
            for await port in ports {
                try await body(Browser("http://127.0.0.1:\(port)"), gateway, registry)
                break
            }
            group.cancelAll()
        }
    }
}
