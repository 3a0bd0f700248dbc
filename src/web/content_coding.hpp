#pragma once

#include <string_view>
#include <vector>

namespace coroom::detail::web {

/// A compression of files that is done in advance, before any request (RFC 9110 section 8.4.1).
struct ContentCoding {
  std::string_view name;  ///< as in Content-Encoding
  std::string_view
      ending;  ///< suffix of the compressed file: its name is the plain file's name with this suffix
};

/// Returns all supported codings. The one with the smaller result comes first.
const std::vector<ContentCoding>& content_codings();

/// Returns the codings that a client prefers to the plain file, the best first (RFC 9110 section 12.5.3).
/// `accept_encoding` is the joined value of its Accept-Encoding fields. A client without the field gets the
/// plain file. So does a client that accepts no supported coding, even with `identity;q=0`: the file is more
/// useful than an error.
std::vector<ContentCoding> codings_for(std::string_view accept_encoding);

}  // namespace coroom::detail::web
