#ifndef GERBANG_CZLIB_SHIM_H
#define GERBANG_CZLIB_SHIM_H

#include <zlib.h>

/* Swift does not see the macro. */
static inline int czlib_inflate_init(z_stream *stream, int window_bits) {
    return inflateInit2(stream, window_bits);
}

#endif
