internal import GerbangCore
internal import Testing

@Suite("Every operation of every agency meets every fault")
struct FaultTableTests {
    @Test("at the send", arguments: Subject.all)
    func send(subject: Subject) async throws {
        for trouble in Trouble.all {
            let course = try await Course.of(subject, trouble)
            print(
                "ROW|\(subject)|\(trouble)|\(course.kinds.map(\.rawValue).joined(separator: " "))|\(course.firstWait)|\(course.effects)|\(course.state)"
            )
        }
    }

    @Test("at the inquiry after a lost answer", arguments: Subject.settled)
    func inquiry(subject: Subject) async throws {
        for trouble in Trouble.atInquiries {
            let course = try await Course.of(subject, trouble)
            print(
                "ROW|\(subject)|\(trouble)|\(course.kinds.map(\.rawValue).joined(separator: " "))|\(course.firstWait)|\(course.effects)|\(course.state)"
            )
        }
    }
}
