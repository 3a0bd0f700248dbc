#include "support/http_client.hpp"
#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "support/temporary.hpp"

#include <coroom/log.hpp>
#include <coroom/request_handler.hpp>
#include <coroom/web_site.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace coroom::test {
namespace {

constexpr const char* immutable = "public, max-age=31536000, immutable";

class PageHandler : public RequestHandler {
 public:
  task<> get() override {
    if (path_arguments().front() == "throw") throw std::runtime_error("<on purpose>");
    const boost::json::value context = {{"name", get_argument("name", "")}, {"rows", {1, 2, 3}}};
    render(path_arguments().front(), context);
    co_return;
  }
};

class UrlHandler : public RequestHandler {
 public:
  task<> get() override {
    write(static_url(path_arguments().front()));
    co_return;
  }
};

class Rendering : public testing::Test {
 protected:
  Rendering() {
    test_options();
    folder_.write("secret.html", "secret");
    folder_.write("templates/index.html", seed_page());
    folder_.write("templates/hello.html", "<p>{{name}}</p>{{#rows}}{{> row.html}}{{/rows}}");
    folder_.write("templates/row.html", "<li>{{.}}</li>");
    folder_.write("templates/broken.html", "<p>\n{{#name}}</p>");
    folder_.write("static/js/jquery.min.js", "let jQuery;");
  }

  static std::string seed_page() {
    std::ifstream file(COROOM_SEED_PAGE);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  [[nodiscard]] WebSiteSettings folders() const {
    return {.static_path = folder_.path() / "static", .template_path = folder_.path() / "templates"};
  }

  [[nodiscard]] Settings settings(bool debug = false) const {
    Settings made = settings_with(folders());
    made.debug = debug;
    return made;
  }

  static Settings settings_with(const WebSiteSettings& site) {
    Settings made = quick_settings();
    made.site = web_site(site);
    return made;
  }

  static std::vector<Route> routes() {
    return {route<UrlHandler>("/url/(.*)"), route<PageHandler>("/page/(.*)")};
  }

  TemporaryFolder folder_;
};

TEST_F(Rendering, ShowsSeedPageWithVersionedScript) {
  RunningApplication app(routes(), settings());
  const RawResponse page = get(app.port(), "/page/index.html");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.field("Content-Type"), "text/html; charset=utf-8");
  const std::string before = "<script src=\"";
  const auto begin = page.body.find(before) + before.size();
  const std::string address = page.body.substr(begin, page.body.find('"', begin) - begin);
  ASSERT_TRUE(address.starts_with("/static/js/jquery.min.js?v=")) << page.body;
  EXPECT_NE(page.body.find(R"($("#contents").append("<p>" + e.data + "</p>");)"), std::string::npos);
  EXPECT_TRUE(page.body.ends_with("</html>\n")) << page.body;

  const RawResponse script = get(app.port(), address);
  EXPECT_EQ(script.body, "let jQuery;");
  EXPECT_EQ(script.field("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(script.field("Cache-Control"), immutable);
  const RawResponse again = get(app.port(), address, "If-None-Match: " + *script.field("ETag") + "\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.field("Cache-Control"), immutable);
}

TEST_F(Rendering, InsertsAndEscapesContext) {
  RunningApplication app(routes(), settings());
  EXPECT_EQ(get(app.port(), "/page/hello.html?name=%3Cb%3E").body,
            "<p>&lt;b&gt;</p><li>1</li><li>2</li><li>3</li>");
}

TEST_F(Rendering, FailsWith500AndLogsFile) {
  RunningApplication app(routes(), settings());
  logging::configure(logging::Level::error, logging::Format::text);
  testing::internal::CaptureStderr();
  for (const char* path : {"nope.html", "broken.html", "..%2Fsecret.html", "%2Fetc%2Fpasswd"}) {
    const RawResponse answer = get(app.port(), "/page/" + std::string(path));
    EXPECT_EQ(answer.status, 500) << path;
    EXPECT_EQ(answer.body, "Internal Server Error\n") << path;
  }
  logging::flush(std::chrono::seconds(10));
  const std::string logged = testing::internal::GetCapturedStderr();
  test_options();
  EXPECT_NE(logged.find("nope.html"), std::string::npos) << logged;
  EXPECT_NE(logged.find("templates/broken.html, line 2"), std::string::npos) << logged;
}

TEST_F(Rendering, ShowsErrorsAndReloadsInDebugMode) {
  RunningApplication app(routes(), settings(true));
  const RawResponse broken = get(app.port(), "/page/broken.html");
  EXPECT_EQ(broken.status, 500);
  EXPECT_EQ(broken.field("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_NE(broken.body.find("templates/broken.html, line 2: Unclosed section"), std::string::npos);
  EXPECT_EQ(get(app.port(), "/page/throw").body, "<on purpose>\n");

  folder_.write("templates/broken.html", "whole");
  EXPECT_EQ(get(app.port(), "/page/broken.html").body, "whole");
  folder_.write("templates/broken.html", "and new");
  EXPECT_EQ(get(app.port(), "/page/broken.html").body, "and new");
  const std::string before = get(app.port(), "/url/js/jquery.min.js").body;
  folder_.write("static/js/jquery.min.js", "let $;");
  const std::string after = get(app.port(), "/url/js/jquery.min.js").body;
  EXPECT_NE(before, after);
  EXPECT_EQ(get(app.port(), before).field("Cache-Control"), "no-cache");
  EXPECT_EQ(get(app.port(), after).field("Cache-Control"), immutable);
}

TEST_F(Rendering, CachesTemplates) {
  RunningApplication app(routes(), settings());
  const std::string page = get(app.port(), "/page/hello.html").body;
  const std::string address = get(app.port(), "/url/js/jquery.min.js").body;
  folder_.write("templates/hello.html", "changed");
  folder_.write("static/js/jquery.min.js", "changed");
  EXPECT_EQ(get(app.port(), "/page/hello.html").body, page);
  EXPECT_EQ(get(app.port(), "/url/js/jquery.min.js").body, address);
  const RawResponse changed = get(app.port(), address);
  EXPECT_EQ(changed.body, "changed");
  EXPECT_EQ(changed.field("Cache-Control"), "no-cache") << "the URL is of another version";
  EXPECT_EQ(get(app.port(), "/page/throw").body, "Internal Server Error\n");
}

TEST_F(Rendering, ServesStaticFilesBeforeOtherRoutes) {
  WebSiteSettings elsewhere = folders();
  elsewhere.static_url_prefix = "/files(1)/";
  RunningApplication app({route<PageHandler>("/(.*)")}, settings_with(elsewhere));
  EXPECT_EQ(get(app.port(), "/files(1)/js/jquery.min.js").field("Cache-Control"), "no-cache");
  for (const char* path : {"/files(1)/", "/files(1)/js", "/files(1)/../secret.html",
                           "/files(1)/%2e%2e/secret.html", "/files(1)//etc/passwd"})
    EXPECT_EQ(get(app.port(), path).status, 404) << path;
  EXPECT_EQ(get(app.port(), "/hello.html").status, 200);
}

TEST_F(Rendering, FailsWith500WithoutFolder) {
  RunningApplication app(routes());
  EXPECT_EQ(get(app.port(), "/page/hello.html").status, 500);
  EXPECT_EQ(get(app.port(), "/url/js/jquery.min.js").status, 500);
}

TEST_F(Rendering, RunsOnManyThreads) {
  constexpr int threads = 4;
  constexpr int pages = 50;
  Settings shards = settings();
  shards.threads = threads;
  RunningApplication app(routes(), shards);
  std::vector<std::jthread> readers;
  for (int reader = 0; reader != threads; ++reader) {
    readers.emplace_back([&app, reader] {
      for (int page = 0; page != pages; ++page) {
        const std::string name = std::to_string(reader) + "-" + std::to_string(page);
        EXPECT_EQ(get(app.port(), "/page/hello.html?name=" + name).body,
                  "<p>" + name + "</p><li>1</li><li>2</li><li>3</li>");
        EXPECT_EQ(get(app.port(), "/page/index.html").status, 200);
      }
    });
  }
}

TEST_F(Rendering, NamesMissingFolder) {
  WebSiteSettings wrong = folders();
  wrong.template_path = folder_.path() / "nowhere";
  const auto no_templates = Application(routes(), settings_with(wrong)).listen(0);
  ASSERT_FALSE(no_templates);
  EXPECT_NE(no_templates.error().message.find("template_path: cannot read the folder " +
                                              wrong.template_path.string()),
            std::string::npos);
  wrong = folders();
  wrong.static_path = folder_.path() / "secret.html";
  const auto no_files = Application(routes(), settings_with(wrong)).listen(0);
  ASSERT_FALSE(no_files);
  EXPECT_NE(
      no_files.error().message.find("static_path: cannot read the folder " + wrong.static_path.string()),
      std::string::npos);
  wrong = folders();
  wrong.static_url_prefix = "files/";
  EXPECT_FALSE(Application(routes(), settings_with(wrong)).listen(0));
}

}  // namespace
}  // namespace coroom::test
