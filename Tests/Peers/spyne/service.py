"""A vehicle inspection office written with spyne, which knows nothing of this project: SOAP 1.1 or 1.2.

Arguments: 1.1 or 1.2. Prints its port and serves until its standard input ends.
"""

import datetime
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from spyne import Application, ComplexModel, Date, Integer, ServiceBase, Unicode, rpc
from spyne.protocol.soap import Soap11, Soap12
from spyne.server.wsgi import WsgiApplication

NAMESPACE = "http://kendaraan.example/uji/spyne"


class Vehicle(ComplexModel):
    __namespace__ = NAMESPACE
    __type_name__ = "Kendaraan"
    nopol = Unicode
    merek = Unicode
    tipe = Unicode
    tahun = Integer
    warna = Unicode
    masaPajak = Date


class Booking(ComplexModel):
    __namespace__ = NAMESPACE
    __type_name__ = "Pendaftaran"
    nomorPendaftaran = Unicode
    nomorReferensi = Unicode
    nopol = Unicode
    lokasi = Unicode
    tanggal = Date
    jam = Unicode


VEHICLES = {
    "B 1234 XYZ": Vehicle(
        nopol="B 1234 XYZ", merek="Toyota", tipe="Avanza", tahun=2019, warna="Hitam", masaPajak=datetime.date(2027, 3, 14)
    )
}
BOOKINGS = {}
LOCK = threading.Lock()


class VehicleService(ServiceBase):
    @rpc(
        Unicode(min_occurs=1),
        _in_arg_names={"plate": "nopol"},
        _in_message_name="cekKendaraan",
        _out_message_name="hasilCekKendaraan",
        _returns=[Vehicle, Unicode],
        _out_variable_names=["kendaraan", "kodeKesalahan"],
    )
    def look_up(ctx, plate):
        vehicle = VEHICLES.get(plate)
        return vehicle, None if vehicle else "K404"

    @rpc(
        Unicode(min_occurs=1),
        Unicode(min_occurs=1),
        Unicode(min_occurs=1),
        Date(min_occurs=1),
        _in_arg_names={"reference": "nomorReferensi", "plate": "nopol", "place": "lokasi", "day": "tanggal"},
        _in_message_name="daftarUji",
        _out_message_name="hasilDaftarUji",
        _returns=[Booking, Unicode],
        _out_variable_names=["pendaftaran", "kodeKesalahan"],
    )
    def book(ctx, reference, plate, place, day):
        with LOCK:
            number = "UJI/%04d" % (sum(len(found) for found in BOOKINGS.values()) + 1)
            booking = Booking(
                nomorPendaftaran=number,
                nomorReferensi=reference,
                nopol=plate,
                lokasi=place,
                tanggal=day,
                jam="09:00",
            )
            BOOKINGS.setdefault(reference, []).append(booking)
        return booking, None

    @rpc(
        Unicode(min_occurs=1),
        _in_arg_names={"reference": "nomorReferensi"},
        _in_message_name="cariUji",
        _out_message_name="hasilCariUji",
        _returns=Booking.customize(max_occurs="unbounded"),
        _out_variable_name="pendaftaran",
    )
    def find(ctx, reference):
        return BOOKINGS.get(reference, [])


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main():
    protocol = {"1.1": Soap11, "1.2": Soap12}[sys.argv[1]]
    application = Application(
        [VehicleService], tns=NAMESPACE, in_protocol=protocol(validator="lxml"), out_protocol=protocol()
    )
    server = make_server("127.0.0.1", 0, WsgiApplication(application), server_class=Server, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


main()
