internal import GerbangCore

extension MultipartMessage.Part {
    /// The root part of an answer, without its transfer encoding, and the charset that it names.
    static func root(of body: [UInt8], type: MediaType) throws(EvaluationFailure) -> (body: [UInt8], charset: String?) {
        do throws(MultipartError) {
            let root = try MultipartMessage(parsing: body, type: type).root
            return (try root.content(), root.type.parameters["charset"])
        } catch {
            throw EvaluationFailure(message: error.message)
        }
    }
}
