public import GerbangCore

/// A manifest to begin with: it works, against an agency that is made up.
public enum ManifestStarter {
    /// The text of `adapter.yaml` for an adapter called `id`.
    public static func text(id: AdapterID) -> String {
        #"""
        manifest: 1
        id: \#(id)
        version: 0.1.0
        agency: {id: Register Kendaraan Contoh, en: Example Vehicle Register}
        support: experimental

        # What a connection has to say, as a JSON Schema. Expressions read it as config.NAME, secrets as secret.NAME.
        settings:
          required: [apiKey]
          properties:
            apiKey: {type: string, minLength: 1, secret: true, description: Given by the agency.}

        operations:
          lookup:
            provides: transport.vehicle.lookup
            effect: query
            timeouts: {connect: 5s, firstByte: 10s, total: 10s}
            sensitive: [/plate]
            # The message. Every value is encoded for its place.
            request:
              method: GET
              path: /vehicles/${input.plate}
              headers:
                Accept: application/json
                X-API-Key: ${secret.apiKey}
            # The rules are tried in their order. Whatever none of them fits is judged as for every adapter.
            response:
              decode: [json]
              verdict:
                - when: status == 404
                  rejected:
                    code: agency-not-found
                    message: the register has no such plate
                    texts:
                      id: Kendaraan dengan nomor polisi ini tidak terdaftar.
                      en: No vehicle is registered with this plate.
                - when: status == 200
                  succeeded:
                    output:
                      plate: ${body.registrationNumber}
                      make: ${body.make}
                      model: ${body.model}
                      year: ${body.yearOfManufacture}
                      colour: ${body.?colour}

        # Examples: what is asked, what the agency answers and what shall come of it. 'gerbang adapter test' runs them.
        fixtureSettings: {apiKey: rahasia}
        fixtures:
          - name: a vehicle is found
            operation: lookup
            input: {plate: B 1234 XYZ}
            sends:
              method: GET
              path: /vehicles/B%201234%20XYZ
              headers: {X-API-Key: rahasia}
            answer:
              json: {registrationNumber: B 1234 XYZ, make: Toyota, model: Avanza, yearOfManufacture: 2019}
            verdict: succeeded
            output: {plate: B 1234 XYZ, make: Toyota, model: Avanza, year: 2019}
          - name: nobody has the plate
            operation: lookup
            input: {plate: B 1 A}
            answer: {status: 404, json: {message: not found}}
            verdict: rejected
            error: agency-not-found
          - name: an error page tells nothing
            operation: lookup
            input: {plate: B 1 A}
            answer: {status: 200, headers: {Content-Type: text/html}, text: <html>Sedang pemeliharaan</html>}
            verdict: transient
            error: agency-unreadable

        # Checks of 'gerbang adapter test' that the agency's interface does not let us pass, for whoever approves the adapter.
        deviations:
          - check: privacy.target
            operation: lookup
            reason: The register has the plate in the path of its interface, and no other way to ask.
        """# + "\n"
    }
}
