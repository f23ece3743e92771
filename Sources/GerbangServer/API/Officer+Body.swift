internal import GerbangCore
internal import GerbangJSON

extension Officer {
    /// Reads the field `officer` of a submission; `nil` when there is none, or it is wrong and the reader knows.
    ///
    /// Whether the channel needs one is for the engine to say: what was accepted before must still be answered.
    init?(in submission: inout BodyReader) {
        guard var reader = submission.object("officer") else { return nil }
        let id = reader.value("id") { text throws(GerbangError) in try OfficerID(text) }
        let name = reader.value("name", isRequired: false) { text throws(GerbangError) in try Officer.name(text) }
        let counter = reader.value("counter", isRequired: false) { text throws(GerbangError) in
            try Officer.counter(text)
        }
        submission.finish(reader)
        guard let id else { return nil }
        self.init(id: id, name: name, counter: counter)
    }
}
