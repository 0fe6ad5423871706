// Included before every file of mlx-c: GCC 12 (Debian 12) has no std::format, and mlx-c uses it for plain "{}" only.
#pragma once
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
