import Gerbang

/// The one form: whose data to check, and the key that makes sending it twice harmless.
struct IdentityForm: Decodable {
    var nik = ""
    var name = ""
    /// Made when the page was, so that a double click, the back button and a reload all mean the same request.
    var key = IdentityForm.newKey()

    enum CodingKeys: String, CodingKey {
        case nik
        case name = "nama"
        case key = "kunci"
    }

    /// What to ask the gateway for.
    ///
    /// - Throws: `GerbangError` with a text for the citizen when the NIK is none.
    func submission() throws(GerbangError) -> Submission {
        let person = try applicant()
        return try Submission(
            .verifyIdentity,
            in: "31.74",
            key: key,
            applicant: person,
            payload: ["nik": .string(nik), "name": .string(name)]
        )
    }

    private func applicant() throws(GerbangError) -> Applicant {
        do throws(GerbangError) {
            let today = SystemClock().now().date(in: .wib)
            return Applicant(nik: try NIK(nik, today: today), name: Sensitive(name))
        } catch {
            var error = error
            error.field = JSONPointer.root.appending("nik")
            throw error
        }
    }

    private static func newKey() -> String {
        var generator = SystemRandomNumberGenerator()
        return RequestID(at: SystemClock().now(), using: &generator).description
    }
}
