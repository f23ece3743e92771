internal import GerbangCore
internal import GerbangJSON
internal import Testing

@Suite("The error taxonomy")
struct GerbangErrorTests {
    private static let codes: [(GerbangError.Code, GerbangError.Blame)] = [
        (.malformedRequest, .client), (.invalidInput, .client), (.unknownService, .client), (.unknownRegion, .client),
        (.noConnection, .client), (.tenantLimit, .client), (.idempotencyKeyMissing, .client),
        (.idempotencyKeyReused, .client),
        (.unauthorized, .client),
        (.forbidden, .client), (.notFound, .client), (.methodNotAllowed, .client), (.conflict, .client),
        (.tooLarge, .client),
        (.unsupportedMediaType, .client), (.cancelled, .client), (.internalFault, .gateway),
        (.storageUnavailable, .gateway), (.tooManyStreams, .gateway),
        (.shuttingDown, .gateway), (.invalidConfiguration, .gateway), (.deadlineExceeded, .gateway),
        (.attemptsExhausted, .gateway), (.poison, .gateway), (.agencyRejected, .agency), (.agencyNotFound, .agency),
        (.agencyInvalidInput, .agency), (.agencyUnauthorized, .agency), (.agencyUnavailable, .agency),
        (.agencyThrottled, .agency), (.agencyQuotaExhausted, .agency), (.agencyOutsideHours, .agency),
        (.agencyUnreadable, .agency), (.outcomeUnknown, .agency), (.unreachable, .network), (.timeout, .network),
        (.connectionLost, .network), (.untrustedPeer, .network),
    ]

    @Test("the catalogue lists exactly the codes that exist")
    func complete() {
        #expect(GerbangError.Code.all == Self.codes.map(\.0).sorted { $0.rawValue < $1.rawValue })
        #expect(Set(GerbangError.Code.all.map(\.rawValue)).count == GerbangError.Code.all.count)
    }

    @Test("every code blames somebody, with a status that fits", arguments: codes)
    func blame(code: GerbangError.Code, blame: GerbangError.Blame) {
        #expect(code.blame == blame)
        #expect(code.title != "Unknown error" && !code.title.isEmpty && !code.title.hasSuffix("."))
        switch blame {
        case .client: #expect((400...499).contains(code.status))
        case .gateway, .network: #expect((500...599).contains(code.status))
        case .agency: #expect((400...599).contains(code.status))
        }
        // Who may simply come again must not be told that it is their own mistake.
        #expect(!code.isRetryable || code.status >= 500)
        #expect(
            code.rawValue.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "-")
            }
        )
    }

    @Test("the citizen reads one plain sentence in either language", arguments: codes)
    func citizenTexts(code: GerbangError.Code, blame: GerbangError.Blame) {
        let texts = code.citizenText
        #expect(texts.indonesian != texts.english)
        for text in [texts.indonesian, texts.english] {
            #expect(text.hasSuffix("."))
            #expect(text.filter { ".!?…:".contains($0) }.count == 1)
            #expect(text.first?.isUppercase == true)
            #expect((10...140).contains(text.count))
            #expect(!text.contains("  ") && !text.contains("\n") && text.allSatisfy { !$0.isNumber })
            for jargon in ["HTTP", "JSON", "server", "timeout", "API", "gateway", "Gerbang"] {
                #expect(!text.lowercased().contains(jargon.lowercased()))
            }
        }
    }

    @Test("an unknown code is taken for a fault of ours")
    func unknown() {
        let code = GerbangError.Code(rawValue: "from-the-future")
        #expect(code.status == 500)
        #expect(code.blame == .gateway)
        #expect(!code.isRetryable)
        #expect(!code.citizenText.indonesian.isEmpty)
    }

    @Test("what is written as JSON is read again", arguments: codes)
    func roundTrip(code: GerbangError.Code, blame: GerbangError.Blame) throws {
        let texts = LocalizedText(id: "Mohon \"periksa\".", en: "Please check…")
        let errors = [
            GerbangError(code, "a text"),
            GerbangError(code, "", field: .root, agencyCode: "", texts: texts),
            GerbangError(
                code,
                "baris\nkedua ✓",
                field: JSONPointer(tokens: ["a/b", "~", "0", ""]),
                agencyCode: "05",
                texts: texts
            ),
        ]
        for error in errors {
            #expect(GerbangError(json: error.json) == error)
            #expect(try GerbangError(json: JSONValue(parsing: error.json.encoded())) == error)
        }
    }

    @Test(
        "what is no error is not read as one",
        arguments: [nil, "x", [], [:], ["code": "timeout"], ["message": "x"], ["code": 1, "message": "x"]]
            as [JSONValue]
    )
    func notAnError(json: JSONValue) {
        #expect(GerbangError(json: json) == nil)
    }

    @Test("more precise texts take the place of the code's")
    func preciseTexts() {
        let texts = LocalizedText(id: "Satu.", en: "One.")
        #expect(GerbangError(.timeout, "x").citizenText == GerbangError.Code.timeout.citizenText)
        #expect(GerbangError(.timeout, "x", texts: texts).citizenText == texts)
    }

    @Test("the developers' line has code, place and text")
    func description() {
        #expect(GerbangError(.timeout, "too late").description == "timeout: too late")
        #expect(GerbangError(.invalidInput, "x", field: .root).description == "invalid-input at /: x")
        #expect(
            GerbangError(.invalidInput, "x", field: JSONPointer(tokens: ["a", "0"])).description
                == "invalid-input at /a/0: x"
        )
    }
}

@Suite("Languages")
struct LanguageTests {
    @Test(
        "the preferred language of those supported is taken",
        arguments: [
            (nil, .indonesian), ("", .indonesian), ("*", .indonesian), ("id", .indonesian), ("en", .english),
            ("EN-us", .english),
            ("en-GB,en;q=0.9", .english), ("fr, en", .english), ("de-DE, fr;q=0.9", .indonesian),
            ("id-ID,id;q=0.9,en;q=0.8", .indonesian),
            ("fr;q=0.9 , en;q=0.8, id;q=0.7", .english), (" en ; q=1", .english), (",,en", .english),
            ("english", .indonesian),
            ("en;q=0", .indonesian), ("id;q=0, en;q=0.1", .english), ("id;q=0.2,en;q=0.8", .english),
            ("en;q=0.5,id;q=0.5", .english), ("en;q=x, id;q=0.1", .indonesian), ("en;\tQ=0.4", .english),
            ("idx", .indonesian), ("en_US", .indonesian), ("é", .indonesian), (";q=1", .indonesian),
        ] as [(String?, Language)]
    )
    func header(value: String?, language: Language) {
        #expect(Language(acceptLanguage: value) == language)
    }

    @Test("a text is given in the asked language and survives JSON")
    func text() {
        let text = LocalizedText(id: "satu", en: "one")
        #expect(text[.indonesian] == "satu")
        #expect(text[.english] == "one")
        #expect(LocalizedText(json: text.json) == text)
        for json in [nil, "x", ["id": "satu"], ["en": "one"], ["id": 1, "en": "one"]] as [JSONValue] {
            #expect(LocalizedText(json: json) == nil)
        }
    }
}
