/* A transport agency as a stranger would build it: gSOAP's generated skeletons, a table of vehicles and a list of
 * bookings in memory. One thread for each connection, kept open.
 *
 *     vehicle-service PORT [PORT-FILE]
 *
 * listens on 127.0.0.1; port 0 takes a free one, and a line in the port file tells which. It ends when its standard
 * input does. */

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "VehicleBinding.nsmap"
#include "soapH.h"

enum { BUCKETS = 1 << 16, KEEP_ALIVE_SECONDS = 60 };

struct booking {
    struct booking *next;
    char number[16], reference[65], place[33], date[11];
};

static struct booking *bookings[BUCKETS];
static int booking_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static const struct {
    const char *plate, *make, *model;
    int year;
    const char *colour, *tax;
} vehicles[] = {
    {"B 1234 XYZ", "Toyota", "Avanza", 2019, "Hitam", "2027-03-14"},
    {"D 4321 ABC", "Daihatsu", "Gran Max", 2021, "Perak", "2027-06-06"},
    {"L 2345 QR", "Honda", "Beat", 2022, NULL, NULL},
};
enum { VEHICLES = sizeof vehicles / sizeof vehicles[0] };

static unsigned bucket(const char *text) {
    unsigned hash = 2166136261u;
    while (*text) hash = (hash ^ (unsigned char)*text++) * 16777619u;
    return hash % BUCKETS;
}

static int vehicle_index(const char *plate) {
    for (int i = 0; i < VEHICLES; i++)
        if (strcmp(vehicles[i].plate, plate) == 0) return i;
    return -1;
}

static void describe(struct booking *booking, struct ns1__Pendaftaran *target) {
    target->nomorReferensi = booking->reference;
    target->nomorPendaftaran = booking->number;
    target->lokasi = booking->place;
    target->tanggal = booking->date;
}

int __ns1__cekKendaraan(struct soap *soap, struct _ns1__cekKendaraan *in, struct _ns1__hasilCekKendaraan *out) {
    int i = vehicle_index(in->nopol);
    if (i < 0) {
        out->kodeKesalahan = "K404";
        return SOAP_OK;
    }
    out->kendaraan = soap_new_ns1__Kendaraan(soap, 1);
    if (!out->kendaraan) return soap->error = SOAP_EOM;
    out->kendaraan->nopol = (char *)vehicles[i].plate;
    out->kendaraan->merek = (char *)vehicles[i].make;
    out->kendaraan->tipe = (char *)vehicles[i].model;
    out->kendaraan->tahun = vehicles[i].year;
    out->kendaraan->warna = (char *)vehicles[i].colour;
    out->kendaraan->masa_x002epajak = (char *)vehicles[i].tax;
    return SOAP_OK;
}

int __ns1__daftarUji(struct soap *soap, struct _ns1__daftarUji *in, struct _ns1__hasilDaftarUji *out) {
    struct booking *booking;
    unsigned place = bucket(in->nomorReferensi);
    if (strlen(in->nomorReferensi) > 64 || strlen(in->lokasi) > 32 || strlen(in->tanggal) > 10)
        return soap_sender_fault(soap, "too long", NULL);
    if (vehicle_index(in->nopol) < 0) {
        out->kodeKesalahan = "K404";
        return SOAP_OK;
    }
    if (strcmp(in->lokasi, "RUSAK") == 0) return soap_receiver_fault(soap, "database", NULL);
    booking = calloc(1, sizeof *booking);
    out->pendaftaran = soap_new_ns1__Pendaftaran(soap, 1);
    if (!booking || !out->pendaftaran) return soap->error = SOAP_EOM;
    strcpy(booking->reference, in->nomorReferensi);
    strcpy(booking->place, in->lokasi);
    strcpy(booking->date, in->tanggal);
    pthread_mutex_lock(&lock);
    snprintf(booking->number, sizeof booking->number, "UJI/%06d", ++booking_count);
    booking->next = bookings[place];
    bookings[place] = booking;
    pthread_mutex_unlock(&lock);
    describe(booking, out->pendaftaran);
    return SOAP_OK;
}

int __ns1__cariUji(struct soap *soap, struct _ns1__cariUji *in, struct _ns1__hasilCariUji *out) {
    int count = 0;
    pthread_mutex_lock(&lock);
    struct booking *first = bookings[bucket(in->nomorReferensi)];
    pthread_mutex_unlock(&lock);
    /* Bookings are never changed or removed, only put in front, so the list can be read without the lock. */
    for (struct booking *b = first; b; b = b->next) count += strcmp(b->reference, in->nomorReferensi) == 0;
    out->__sizependaftaran = 0;
    out->pendaftaran = count ? soap_new_ns1__Pendaftaran(soap, count) : NULL;
    if (count && !out->pendaftaran) return soap->error = SOAP_EOM;
    for (struct booking *b = first; b; b = b->next)
        if (strcmp(b->reference, in->nomorReferensi) == 0) describe(b, &out->pendaftaran[out->__sizependaftaran++]);
    return SOAP_OK;
}

static void *serve(void *context) {
    struct soap *soap = context;
    soap_serve(soap);
    soap_destroy(soap);
    soap_end(soap);
    soap_free(soap);
    return NULL;
}

static void *end_with_input(void *unused) {
    char byte;
    while (read(STDIN_FILENO, &byte, 1) > 0) {}
    _exit(0);
    return unused;
}

int main(int argc, char **argv) {
    struct soap *soap = soap_new1(SOAP_IO_KEEPALIVE | SOAP_C_UTFSTRING);
    pthread_attr_t small;
    pthread_t thread;
    if (!soap || argc < 2) return 2;
    signal(SIGPIPE, SIG_IGN);
    soap->bind_flags = SO_REUSEADDR;
    soap->max_keep_alive = 0; /* no limit on the requests of one connection */
    soap->recv_timeout = KEEP_ALIVE_SECONDS;
    soap->send_timeout = KEEP_ALIVE_SECONDS;
    if (!soap_valid_socket(soap_bind(soap, "127.0.0.1", atoi(argv[1]), 1024))) return 1;
    if (argc > 2) {
        struct sockaddr_in address;
        socklen_t size = sizeof address;
        FILE *file = fopen(argv[2], "w");
        if (!file || getsockname(soap->master, (struct sockaddr *)&address, &size) != 0) return 1;
        fprintf(file, "%d\n", ntohs(address.sin_port));
        if (fclose(file) != 0) return 1;
    }
    pthread_attr_init(&small);
    pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&small, 512 * 1024);
    if (pthread_create(&thread, &small, end_with_input, NULL) != 0) return 1;
    for (;;) {
        struct soap *copy;
        if (!soap_valid_socket(soap_accept(soap))) continue;
        copy = soap_copy(soap);
        if (!copy || pthread_create(&thread, &small, serve, copy) != 0) return 1;
        soap->socket = SOAP_INVALID_SOCKET;
    }
}
