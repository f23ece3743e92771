import Gerbang
import Hummingbird

/// The web site: a form, where a request is, and a way to cancel it.
///
/// It knows a gateway, and not whether that runs in this process or somewhere else.
struct Site: Sendable {
    let gateway: any GatewayProtocol

    var router: Router<BasicRequestContext> {
        let router = Router()
        router.get("/") { _, _ in Self.respond(Pages.form()) }
        router.post("/permohonan") { request, context in try await submit(request, context) }
        router.get("/permohonan/:id") { _, context in try await show(context) }
        router.post("/permohonan/:id/batal") { request, context in try await cancel(request, context) }
        router.get("/gaya.css") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/css; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: Pages.style))
            )
        }
        return router
    }

    /// Submits the form and leads to the page that tells where the request is.
    ///
    /// Sent twice, it is one request, since the key came with the page.
    private func submit(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        guard Self.isOurs(request) else { throw HTTPError(.forbidden) }
        let form = try await URLEncodedFormDecoder().decode(IdentityForm.self, from: request, context: context)
        do throws(GerbangError) {
            let receipt = try await gateway.submit(form.submission(), waiting: .milliseconds(500))
            return .redirect(to: "/permohonan/\(receipt.id)")
        } catch {
            var again = form
            // The page was used before for somebody else's data: what is typed now is another request.
            if error.code == .idempotencyKeyReused { again.key = IdentityForm().key }
            return Self.respond(Pages.form(again, error: error), status: error.code.status)
        }
    }

    private func show(_ context: BasicRequestContext) async throws -> Response {
        do throws(GerbangError) {
            return Self.respond(Pages.request(try await gateway.status(of: requestID(context))))
        } catch {
            return Self.respond(Pages.problem(error), status: error.code.status)
        }
    }

    private func cancel(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        guard Self.isOurs(request) else { throw HTTPError(.forbidden) }
        do throws(GerbangError) {
            let id = try requestID(context)
            // What has ended meanwhile cannot be cancelled; its page tells.
            do throws(GerbangError) { _ = try await gateway.cancel(id) } catch  where error.code == .conflict {}
            return .redirect(to: "/permohonan/\(id)")
        } catch {
            return Self.respond(Pages.problem(error), status: error.code.status)
        }
    }

    private func requestID(_ context: BasicRequestContext) throws(GerbangError) -> Gerbang.RequestID {
        guard let id = context.parameters.get("id").flatMap({ Gerbang.RequestID($0) }) else {
            throw GerbangError(.notFound, "there is no request with this identifier")
        }
        return id
    }

    /// Whether a form was sent from a page of this site: browsers say where a form comes from.
    private static func isOurs(_ request: Request) -> Bool {
        guard let origin = request.headers[.origin] else { return true }
        return request.head.authority.map { origin == "http://\($0)" || origin == "https://\($0)" } ?? false
    }

    /// A page that is neither kept nor framed, loads nothing from elsewhere and tells nobody where it was.
    private static func respond(_ page: HTML, status: Int = 200) -> Response {
        Response(
            status: .init(code: status),
            headers: [
                .contentType: "text/html; charset=utf-8",
                .cacheControl: "no-store",
                .contentSecurityPolicy:
                    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
                .xContentTypeOptions: "nosniff",
            ],
            body: .init(byteBuffer: ByteBuffer(string: page.text))
        )
    }
}
