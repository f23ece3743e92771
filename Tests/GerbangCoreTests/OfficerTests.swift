internal import GerbangCore
internal import GerbangJSON
internal import Testing

@Suite("Officers")
struct OfficerTests {
    @Test(
        "An account or an employee number is an officer's id",
        arguments: ["ani.petugas", "A-12", "198508172010012001", "ani@mpp.example.go.id", "ID/GOV/7", "x"]
    )
    func accepted(id: String) throws {
        #expect(try OfficerID(id).revealed == id)
    }

    @Test(
        "A NIK is not, however it is grouped",
        arguments: [
            "3174015708900003", "31.74.01.570890.0003", "3174-0157-0890-0003", "nik-3174015708900003",
            "3174015708900003x", "3174_0157_0890_0003@mpp",
        ]
    )
    func nik(id: String) throws {
        let error = #expect(throws: GerbangError.self) { try OfficerID(id) }
        #expect(error?.code == .invalidInput)
        #expect(error?.message.contains("NIK") == true)
        #expect(error?.message.contains("3174") == false)
        #expect(throws: GerbangError.self) { try Officer.counter("3174 0157 0890 0003") }
        #expect(throws: GerbangError.self) { try Officer.name("3174015708900003") }
    }

    @Test("Neither are white space, control characters and texts without end", arguments: ["", "a b", "a\n", "é"])
    func malformed(id: String) {
        #expect(throws: GerbangError.self) { try OfficerID(id) }
        #expect(throws: GerbangError.self) { try OfficerID(String(repeating: "a", count: 65)) }
    }

    @Test("An officer never shows when printed, alone or within a submission")
    func masked() throws {
        let officer = Officer(id: try OfficerID("ani.petugas"), name: Sensitive("ANI CONTOH"), counter: "A-12")
        expectHidden(officer, secrets: ["ani.petugas", "ANI", "A-12"])
        expectHidden(officer.id, secrets: ["ani.petugas"])
        let submission = Submission(
            service: ServiceID(checked: "a.b"),
            region: .nation,
            channel: .counter,
            officer: officer,
            payload: [:],
            idempotencyKey: "key"
        )
        expectHidden(submission, secrets: ["ani.petugas", "ANI", "A-12"])
    }

    @Test("An officer reads what was written")
    func json() throws {
        for officer in [
            Officer(id: try OfficerID("ani"), name: Sensitive("ANI CONTOH"), counter: "A-12"),
            Officer(id: try OfficerID("ani")),
        ] {
            #expect(Officer(json: officer.json) == officer)
        }
        #expect(Officer(json: ["name": "ANI CONTOH"]) == nil)
    }

    @Test(
        "A counter needs an officer, a kiosk may have one, online has none",
        arguments: [
            (Channel.online, false, true), (.online, true, false), (.counter, false, false), (.counter, true, true),
            (.kiosk, false, true), (.kiosk, true, true),
        ]
    )
    func channels(channel: Channel, hasOfficer: Bool, isRight: Bool) throws {
        let officer = hasOfficer ? Officer(id: try OfficerID("ani")) : nil
        guard !isRight else { return try channel.check(officer) }
        let error = #expect(throws: GerbangError.self) { try channel.check(officer) }
        #expect(error?.field?.description == "/officer")
        #expect(error?.message.contains(channel.rawValue) == true)
    }
}
