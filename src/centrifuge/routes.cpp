#include "centrifuge/one_way.hpp"
#include "centrifuge/streams.hpp"
#include "centrifuge/websocket.hpp"
#include "core/json_text.hpp"

#include <coroom/centrifuge.hpp>

#include <memory>
#include <stdexcept>
#include <utility>

namespace coroom {

std::vector<Route> centrifuge_routes(CentrifugeSettings settings) {
  if (!settings.connect_data.empty() && !detail::is_json(settings.connect_data))
    throw std::invalid_argument("connect_data is not one JSON value");
  detail::put_in_one_line(settings.connect_data);
  const auto shared = std::make_shared<const CentrifugeSettings>(std::move(settings));
  std::vector<Route> routes = detail::centrifuge::stream_routes(shared);
  routes.push_back(detail::centrifuge::websocket_route(shared));
  for (Route& route : detail::centrifuge::one_way_routes(shared)) routes.push_back(std::move(route));
  return routes;
}

}  // namespace coroom
