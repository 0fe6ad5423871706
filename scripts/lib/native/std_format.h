// Included before every file of mlx-c: GCC 12 (Debian 12) has no std::format, and mlx-c uses it for plain "{}" only.
#pragma once

// zig says that everything of its libc++ is there; on the system's only what the wanted macOS brings is.
#if defined(__APPLE__) && defined(_LIBCPP_HAS_VENDOR_AVAILABILITY_ANNOTATIONS)
#undef _LIBCPP_HAS_VENDOR_AVAILABILITY_ANNOTATIONS
#define _LIBCPP_HAS_VENDOR_AVAILABILITY_ANNOTATIONS 1
#endif

#include <version>

#ifndef __cpp_lib_format
#include <sstream>
#include <string>

namespace std {

inline void hbar_format_next(ostringstream& out, const char*& rest) {
  while (*rest && !(rest[0] == '{' && rest[1] == '}')) out << *rest++;
  if (*rest) rest += 2;
}

template <class... Args>
string format(const char* pattern, const Args&... args) {
  ostringstream out;
  ((hbar_format_next(out, pattern), out << args), ...);
  out << pattern;
  return out.str();
}

}  // namespace std
#endif
