#pragma once

#include <coroom/error.hpp>
#include <coroom/publication.hpp>

namespace coroom::detail::application {

/// Fails if members must not get the publication. Clients end a connection whose text is not UTF-8 (RFC 6455
/// section 8.1), and invalid JSON would break the frames of the Centrifuge protocol. Tags must be UTF-8 and
/// within their limits. Puts JSON in one line, and replaces empty tags with nullptr.
Result<> check(Publication& publication);

}  // namespace coroom::detail::application
