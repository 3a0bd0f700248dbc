#include "application/publication_check.hpp"

#include "core/json_text.hpp"
#include "core/utf8.hpp"

namespace coroom::detail::application {

Result<> check(Publication& publication) {
  using Kind = Publication::Kind;
  if (publication.kind == Kind::text && !detail::is_utf8(publication.data))
    return failure(Errc::invalid_text, "the text is not UTF-8");
  if (publication.kind != Kind::json) return {};
  if (!detail::is_json(publication.data))
    return failure(Errc::invalid_json, "the publication is not one JSON value");
  detail::put_in_one_line(publication.data);
  return {};
}

}  // namespace coroom::detail::application
