#pragma once

#include <string_view>
#include <vector>

namespace coroom::detail::http {

/// A way to compress a file, once and before it is asked for (RFC 9110 section 8.4.1).
struct ContentCoding {
  std::string_view name;    ///< as Content-Encoding has it
  std::string_view ending;  ///< of the compressed file's name, which is that of the plain one before it
};

/// All that are served, the smaller result first.
const std::vector<ContentCoding>& content_codings();

/// What an Accept-Encoding field, its values joined, prefers to the plain file, the best first (RFC 9110
/// section 12.5.3). A client that says nothing gets the plain file, and so does one that no coding suits,
/// even if it says `identity;q=0`: it is more use to it than an error.
std::vector<ContentCoding> codings_for(std::string_view accept_encoding);

}  // namespace coroom::detail::http
