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

    /// Personal data in the path, an example that breaks its schema, alternatives, several successes, a pattern, a long
    /// title, an operation whose name is no name, an answer of anything.
    static let population = #"""
        openapi: 3.1.0
        info: {title: "Kependudukan & Pencatatan Sipil Kota Contoh dengan Nama yang Panjang", version: "1"}
        paths:
          /penduduk/{nik}:
            get:
              summary: Mencari penduduk
              description: |
                Mencari seorang penduduk.
                Dua baris: "dengan kutip" dan ${input}.
              parameters:
                - {name: nik, in: path, required: true, schema: {type: string, pattern: '^\d{16}$'}}
                - {name: fullName, in: query, schema: {type: string}}
                - {name: status, in: query, schema: {type: integer, enum: [1,2]}}
              responses:
                "200":
                  description: ok
                  content:
                    application/json:
                      schema:
                        type: object
                        required: [nik, nama, alamat]
                        properties:
                          nik: {type: string, pattern: '^(?<a>\d{16})$'}
                          nama: {type: [string, 'null']}
                          alamat: {oneOf: [{type: 'null'}, {$ref: '#/components/schemas/Alamat'}]}
                          anak: {type: array, items: {$ref: '#/components/schemas/Anak'}}
                      example: {nik: 123}
                "404": {description: no}
                "401": {description: no}
          /akta:
            post:
              operationId: "Buat Akta / Baru!!"
              requestBody:
                required: true
                content:
                  application/json:
                    schema:
                      type: object
                      additionalProperties: false
                      required: [jenis, berkas, "no-kk"]
                      properties:
                        jenis: {type: string, enum: [lahir, mati], example: salah}
                        berkas: {type: string, format: byte, minLength: 40}
                        "no-kk": {type: string, pattern: '^[0-9]{16}$'}
                        tanggal: {type: string, format: date, default: kemarin}
              responses:
                "200": {description: a, content: {application/json: {schema: {type: object, required: [nomor], properties: {nomor: {type: integer}}}}}}
                "201": {description: a, content: {application/json: {schema: {type: object, required: [nomor, tautan], properties: {nomor: {type: string}, tautan: {type: string, format: uri}}}}}}
                "202": {description: a, content: {application/json: {schema: {type: object, properties: {antrian: {type: integer}}}}}}
                "409": {description: a, content: {application/json: {schema: {type: object, properties: {pesan: {type: string}}}}}}
                "422": {description: a, content: {application/json: {schema: {type: array, items: {type: string}}}}}
            delete:
              parameters: [{name: id, in: query, required: true, schema: {type: string, format: uuid}}]
              responses: {"204": {description: done}}
            get:
              responses: {"200": {description: ok, content: {application/json: {schema: {}}}}}
        components:
          schemas:
            Alamat: {type: object, properties: {jalan: {type: string}, kota: {type: string, const: Contoh}}}
            Anak: {type: object, properties: {nama: {type: string}, anak: {type: array, items: {$ref: '#/components/schemas/Anak'}}}}
        """#
}
