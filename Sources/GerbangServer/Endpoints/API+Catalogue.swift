internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON

// The service catalogue.
extension API {
    /// Answers `GET /v1/services`.
    func listServices(_ call: Call) -> Answer {
        let services = engine.snapshot.catalogue.all.map { $0.json(in: call.head.language, withSchemas: false) }
        return localized(Answer(json: ["items": .array(services)]), call)
    }

    /// Answers `GET /v1/services/{id}`.
    func showService(_ call: Call) throws -> Answer {
        guard let id = try? ServiceID(String(call.parameter)), let service = engine.snapshot.catalogue[id] else {
            throw Failure(.notFound, "there is no service with this name; GET /v1/services lists them")
        }
        return localized(Answer(json: service.json(in: call.head.language, withSchemas: true)), call)
    }
}

extension Service {
    /// The service as it stands in the API: its texts in one language, and under `texts` in all.
    fileprivate func json(in language: Language, withSchemas: Bool) -> JSONValue {
        var texts: JSONObject = [
            "title": title.json,
            "summary": summary.json,
            "requirements": .array(requirements.map(\.json)),
        ]
        texts["fee"] = fee?.json
        var object: JSONObject = [
            "id": .string(id.text),
            "title": .string(title[language]),
            "summary": .string(summary[language]),
            "requirements": .array(requirements.map { .string($0[language]) }),
        ]
        object["fee"] = fee.map { .string($0[language]) }
        object["standardSeconds"] = .number(JSONNumber(standardTime.milliseconds / 1000))
        object["legalBasis"] = .string(legalBasis)
        object["texts"] = .object(texts)
        if withSchemas {
            object["input"] = input
            object["output"] = output
        }
        return .object(object)
    }
}
