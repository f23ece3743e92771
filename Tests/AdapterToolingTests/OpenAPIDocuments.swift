/// Documents in the styles that agencies write, all of them invented.
enum OpenAPIDocuments {
    /// Version 3.0 in YAML: parts by reference, `nullable`, a key in a header, examples.
    static let vehicles = """
        openapi: 3.0.3
        info: {title: Register Kendaraan Contoh, version: "2.1"}
        servers: [{url: "https://{host}/api", variables: {host: {default: register.example}}}]
        security: [{key: []}]
        paths:
          /vehicles/{plate}:
            parameters:
              - {$ref: '#/components/parameters/Plate'}
            get:
              operationId: getVehicle
              summary: Mencari kendaraan
              parameters:
                - {name: fields, in: query, schema: {type: array, items: {type: string}}}
                - {name: X-Trace, in: header, schema: {type: string}}
                - {name: session, in: cookie, schema: {type: string}}
              responses:
                "200":
                  description: found
                  content:
                    application/json:
                      schema: {$ref: '#/components/schemas/Vehicle'}
                      example: {plate: B 1234 XYZ, make: Toyota, model: Avanza, year: 2019, colour: null}
                "404":
                  description: none
                  content:
                    application/json: {schema: {$ref: '#/components/schemas/Problem'}}
        components:
          securitySchemes:
            key: {type: apiKey, in: header, name: X-API-Key}
          parameters:
            Plate: {name: plate, in: path, required: true, example: B 1234 XYZ, schema: {type: string, maxLength: 11}}
          schemas:
            Vehicle:
              type: object
              required: [plate, make, model, year]
              properties:
                plate: {type: string}
                make: {type: string}
                model: {type: string}
                year: {type: integer, minimum: 1900, exclusiveMinimum: true}
                colour: {type: string, nullable: true}
                parent: {$ref: '#/components/schemas/Vehicle'}
            Problem:
              type: object
              required: [code]
              properties: {code: {type: string, example: E404}, message: {type: string}}
        """

    /// Version 3.1 in JSON: `const`, types in lists, OAuth 2.0, a body that is posted and one that is put.
    static let permits = #"""
        {"openapi": "3.1.0", "info": {"title": "Perizinan Kota", "version": "1"},
         "components": {"securitySchemes": {
           "login": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://izin.example/token",
             "scopes": {"write": "w"}}}}}},
         "paths": {"/permits": {"post": {"operationId": "create_permit", "security": [{"login": ["write"]}],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"allOf": [
              {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "IMB"}, "id": {"type": "string", "readOnly": true}}},
              {"type": "object", "required": ["owner-name"], "properties": {"owner-name": {"type": ["string", "null"]},
                "area": {"type": "number", "exclusiveMinimum": 0}, "ref": {"type": "string"}}}]}}}},
            "responses": {"201": {"description": "made", "content": {"application/json": {"schema":
               {"type": "object", "properties": {"number": {"type": "string"}, "state": {"enum": ["new", "done"]}}}}}},
              "409": {"description": "there", "content": {"application/json": {"schema":
               {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}}}},
              "default": {"description": "else"}}}},
          "/permits/{id}": {"put": {"security": [{"login": ["write"]}],
             "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
             "requestBody": {"content": {"application/json": {"schema": {"type": "object",
               "properties": {"ref": {"type": "string"}, "note": {"type": "string"}}}}}},
             "responses": {"204": {"description": "done"}}}}}}
        """#

    /// Forms, files, XML, a key in the query, a stray reference, a list as an answer, no names for operations.
    static let forms = """
        openapi: "3.0.0"
        info: {title: Pajak Daerah, version: "1"}
        paths:
          /bills:
            get:
              parameters:
                - {name: npwp, in: query, required: true, schema: {type: string, pattern: '^[0-9]{15}$'}}
              security: [{query: []}]
              responses:
                "200": {description: ok, content: {application/json: {schema: {type: array, items: {type: object}}}}}
          /payments:
            post:
              security: [{query: []}]
              requestBody:
                content:
                  application/x-www-form-urlencoded:
                    schema:
                      type: object
                      required: [bill, amount]
                      properties: {bill: {type: string}, amount: {type: integer}}
              responses:
                "200": {description: ok}
          /documents:
            post:
              requestBody:
                content:
                  multipart/form-data:
                    schema: {type: object, properties: {title: {type: string}, file: {type: string, format: binary}}}
              responses:
                "202": {description: later, content: {application/json: {schema: {$ref: '#/components/schemas/Nowhere'}}}}
          /reports:
            post:
              requestBody: {content: {application/xml: {schema: {type: object}}}}
              responses:
                "200": {description: ok, content: {application/xml: {schema: {type: object}}}}
        components:
          securitySchemes: {query: {type: apiKey, in: query, name: key}}
        """
}
