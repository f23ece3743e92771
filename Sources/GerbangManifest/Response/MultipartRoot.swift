internal import GerbangCore

extension MultipartMessage.Part {
    /// The root part of an answer, without its transfer encoding, and its content type.
    static func root(
        of body: [UInt8],
        type: MediaType
    ) throws(EvaluationFailure) -> (body: [UInt8], contentType: String) {
        do throws(MultipartError) {
            let root = try MultipartMessage(parsing: body, type: type).root
            return (try root.content(), root.fields["content-type"] ?? "text/plain")
        } catch {
            throw EvaluationFailure(message: error.message)
        }
    }
}
