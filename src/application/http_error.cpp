#include <coroom/http_error.hpp>

#include <boost/beast/http/status.hpp>

#include <stdexcept>
#include <utility>

namespace coroom {

HttpError::HttpError(unsigned status, std::string reason, Headers headers)
    : status_(status), reason_(std::move(reason)), headers_(std::move(headers)) {
  if (status < 400 || status > 599)
    throw std::invalid_argument("the status of an HttpError must be from 400 to 599");
  if (!reason_.empty()) return;
  const auto known = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  reason_.assign(known.data(), known.size());
}

}  // namespace coroom
