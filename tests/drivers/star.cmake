# Star: a strict reader of its languages, and the tests of the driver.
add_library(atl-star-lexer STATIC ${PROJECT_SOURCE_DIR}/tests/support/star_lexer.c
    ${PROJECT_SOURCE_DIR}/tests/support/star_rows.c star_page.c)
atl_target(atl-star-lexer)
atl_package(atl-star-lexer cmocka)
target_link_libraries(atl-star-lexer PUBLIC atl-escpos-page)

atl_test(drivers/test_star atl-star-lexer atl-golden)
atl_test(drivers/test_star_text atl-star-lexer)
atl_test(drivers/test_star_resync atl-star-lexer)
atl_test(drivers/test_star_status atl-drivers)
atl_fuzzer(drivers/fuzz_star_answers atl-babble)
atl_test(drivers/test_star_papers atl-star-lexer atl-sample)
