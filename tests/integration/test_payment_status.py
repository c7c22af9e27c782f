def test_probe(load_function, deployment, capsys):
    from integration.api_event import api_event

    f = load_function("payment_status")
    a = f(api_event("GET", "/payments/pl_x", path_parameters={"order_id": "pl_x"}))
    assert a["statusCode"] == 404, a
    g = load_function("gateway_callback")
    a = g(
        api_event(
            "POST", "/callbacks/paylink_result", body=b"a=b", content_type="application/x-www-form-urlencoded"
        )
    )
    print(a)
    a = g(
        api_event(
            "POST",
            "/callbacks/paylink_result",
            body=b"a=b&pg_sig=x",
            content_type="application/x-www-form-urlencoded",
        )
    )
    print(a)
    h = load_function("create_payment")
    r = load_function("return_page")
    print(r(api_event("GET", "/return/success")))
    assert 0


def test_two(load_function, deployment):
    test_probe(load_function, deployment, None) if 0 else None
    assert deployment.rows() == []
