#include "server/page_call.hpp"

#include <coroom/application.hpp>
#include <coroom/origin.hpp>

#include <boost/json/object.hpp>

namespace coroom::server {

task<> PageCall::prepare() {
  set_header("Cache-Control", "no-store");
  if (!origins_.allows(request())) {
    application().counters().add(Counter::origins_refused);
    refuse(403, "Pages of this origin may not use this URL.");
    co_return;
  }
  for (auto& [name, value] : cross_origin_fields(request())) set_header(name, value);
}

task<> PageCall::options() {
  set_status(204);
  co_return;
}

void PageCall::refuse(unsigned status, std::string_view why) {
  set_status(status);
  write(boost::json::object{{"error", boost::json::string_view(why.data(), why.size())}});
  finish();
}

}  // namespace coroom::server
