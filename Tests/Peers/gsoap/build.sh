#!/bin/sh
# Generates the skeletons from the WSDL with gSOAP's tools and compiles the service: build.sh FOLDER
# makes FOLDER/vehicle-service. Needs Debian's gsoap, libgsoap-dev and gcc.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
wsdl2h -c -x -o service.h "$here/VehicleService.wsdl" >generate.log 2>&1
soapcpp2 -c -s -S -L -w -x service.h >>generate.log 2>&1
# The macros must be those that the library was compiled with.
flags=$(pkg-config --cflags gsoap)
# shellcheck disable=SC2086
gcc -O2 $flags -I. -o vehicle-service "$here/vehicle-service.c" soapC.c soapServer.c -lgsoap -lpthread
