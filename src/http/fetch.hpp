#pragma once

#include "http/fetch_target.hpp"

#include <coroom/error.hpp>
#include <coroom/task.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace coroom::detail::http {

/// The bounds of one fetch, since the other server may be slow or hostile.
struct FetchLimits {
  FetchLimits() = default;

  std::chrono::milliseconds time{10'000};  ///< for all, from the look-up of the host to the last byte
  std::size_t body = 1024 * 1024;          ///< bytes
};

/// A document and the fields of its response that matter to its reader.
struct FetchedDocument {
  FetchedDocument() = default;

  std::string body;
  std::string cache_control;  ///< empty: the response has no such field
};

/// Fetches a document by one GET request on a connection of its own. Accepts the status 200 only, and follows
/// no redirects. With TLS, the certificate must be of the host and of an authority that the system trusts.
///
/// Runs on the executor of its caller, which must be a strand or of one thread. Its frame may be destroyed
/// while it waits.
task<Result<FetchedDocument>> fetch(FetchTarget target, FetchLimits limits = {});

}  // namespace coroom::detail::http
